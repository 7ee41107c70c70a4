<?php

declare(strict_types=1);

namespace Drupal\drupalrt_test\Controller;

use Drupal\Core\Controller\ControllerBase;
use Drupal\Core\Database\Connection;
use Drupal\drupalrt\Publish\PublisherInterface;
use Drupal\user\PermissionHandlerInterface;
use Symfony\Component\DependencyInjection\ContainerInterface;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Response;

/**
 * Pages for the tests.
 */
final class TestController extends ControllerBase {

  public function __construct(
    private readonly Connection $database,
    private readonly PublisherInterface $publisher,
    private readonly PermissionHandlerInterface $permissions,
  ) {}

  /**
   * {@inheritdoc}
   */
  public static function create(ContainerInterface $container): static {
    return new static($container->get('database'), $container->get(PublisherInterface::class), $container->get('user.permissions'));
  }

  /**
   * A page that wants nothing pushed.
   *
   * @return array<string, mixed>
   *   A render array.
   */
  public function plain(): array {
    return ['#markup' => 'plain'];
  }

  /**
   * Says who asks, and what they may do.
   */
  public function whoami(): JsonResponse {
    $account = $this->currentUser();
    return new JsonResponse([
      'uid' => (int) $account->id(),
      'roles' => $account->getRoles(),
      'permissions' => array_values(array_filter(array_keys($this->permissions->getPermissions()), $account->hasPermission(...))),
    ]);
  }

  /**
   * Publishes within a transaction that ends well or not.
   */
  public function transaction(string $end): Response {
    $transaction = $this->database->startTransaction();
    $this->publisher->publish('open:ends', $end);
    if ($end === 'rollback') {
      $transaction->rollBack();
    }
    unset($transaction);
    $this->publisher->publish('open:ends', "after $end");
    return new Response($end);
  }

}
