<?php

/**
 * @file
 * Saves content in admin's name, and prints when PHP handed the push over, in
 * milliseconds since 1970.
 *
 * Usage: php save.php ROOT URL TITLE
 */

declare(strict_types=1);

use Drupal\drupalrt\Publish\Event;
use Drupal\drupalrt\Publish\Transport;
use Drupal\node\Entity\Node;
use Drupal\user\Entity\User;
use Symfony\Component\HttpFoundation\Response;

[, $root, $url, $title] = $argv;
[$kernel, $request] = (require __DIR__ . '/boot.php')($root, $url);
$watch = new class(\Drupal::service('drupalrt.transport')) implements Transport {

  public float $at = 0;

  public function __construct(private readonly Transport $transport) {}

  /**
   * {@inheritdoc}
   */
  public function deliver(Event $event): bool {
    $this->at = microtime(TRUE);
    return $this->transport->deliver($event);
  }

};
\Drupal::getContainer()->set('drupalrt.transport', $watch);
$admin = User::load(1);
\Drupal::service('account_switcher')->switchTo($admin);
Node::create(['type' => 'page', 'title' => $title, 'uid' => $admin->id()])->save();
$kernel->terminate($request, new Response());
printf("\nPUSHED %.3f\n", $watch->at * 1000);
