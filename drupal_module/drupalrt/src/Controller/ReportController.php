<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Controller;

use Drupal\Core\Datetime\DateFormatterInterface;
use Drupal\Core\DependencyInjection\ContainerInjectionInterface;
use Drupal\Core\StringTranslation\StringTranslationTrait;
use Drupal\Core\StringTranslation\TranslatableMarkup;
use Drupal\Core\StringTranslation\TranslationInterface;
use Drupal\drupalrt\Link\Link;
use Drupal\drupalrt\Link\LinkError;
use Symfony\Component\DependencyInjection\ContainerInterface;

/**
 * What the broker is doing, for whoever runs it.
 */
final class ReportController implements ContainerInjectionInterface {

  use StringTranslationTrait;

  public function __construct(
    private readonly Link $link,
    private readonly DateFormatterInterface $dateFormatter,
    TranslationInterface $stringTranslation,
  ) {
    $this->setStringTranslation($stringTranslation);
  }

  /**
   * {@inheritdoc}
   */
  public static function create(ContainerInterface $container): static {
    return new static($container->get(Link::class), $container->get('date.formatter'), $container->get('string_translation'));
  }

  /**
   * The broker's figures, all of its sites together.
   *
   * @return array<string, mixed>
   *   A render array that is never cached.
   */
  public function report(): array {
    $build = ['#cache' => ['max-age' => 0]];
    try {
      $info = $this->link->call('info');
    }
    catch (LinkError $error) {
      return $build + ['#markup' => $this->t('The broker does not answer: @error', ['@error' => $error->getMessage()])];
    }
    $node = (array) ($info['nodes'][0] ?? []);
    $uptime = (int) ($node['uptime'] ?? 0);
    $published = (int) ($node['num_publications'] ?? 0);
    $build['now'] = $this->table($this->t('Now'), [
      [$this->t('Version'), (string) ($node['version'] ?? '')],
      [$this->t('Running for'), $this->dateFormatter->formatInterval($uptime)],
      [$this->t('Sites'), $info['sites'] ?? 0],
      [$this->t('Clients'), $node['num_clients'] ?? 0],
      [$this->t('Users who are logged in'), $node['num_users'] ?? 0],
      [$this->t('Channels'), $node['num_channels'] ?? 0],
      [$this->t('Subscriptions'), $node['num_subs'] ?? 0],
    ]);
    $identity = (array) ($info['identity'] ?? []);
    $sweep = (array) ($info['sweep'] ?? []);
    $build['since'] = $this->table($this->t('Since its start'), [
      [$this->t('Publications'), $published],
      [$this->t('Publications per second'), sprintf('%.2f', $published / max(1, $uptime))],
      [$this->t('Logins looked up'), $identity['lookups'] ?? 0],
      [$this->t('… of which were known already'), $identity['cache_hits'] ?? 0],
      [$this->t('… of which could not be answered'), $identity['unavailable'] ?? 0],
      [$this->t('Queries for them'), ($identity['queries'] ?? 0) + ($identity['role_loads'] ?? 0)],
      [$this->t('Sweeps'), $sweep['sweeps'] ?? 0],
      [$this->t('Queries for them'), $sweep['queries'] ?? 0],
      [$this->t('Changes they found'), $sweep['changes'] ?? 0],
    ]);
    return $build;
  }

  /**
   * @param \Drupal\Core\StringTranslation\TranslatableMarkup $caption
   *   What the figures are of.
   * @param list<array{\Drupal\Core\StringTranslation\TranslatableMarkup, mixed}> $rows
   *   Name and value.
   *
   * @return array<string, mixed>
   *   A table.
   */
  private function table(TranslatableMarkup $caption, array $rows): array {
    return ['#type' => 'table', '#caption' => $caption, '#rows' => $rows];
  }

}
