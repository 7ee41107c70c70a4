<?php

declare(strict_types=1);

namespace Drupal\drupalrt_bench\Controller;

use Drupal\Component\Datetime\TimeInterface;
use Drupal\Core\Database\Connection;
use Drupal\Core\DependencyInjection\ContainerInjectionInterface;
use Drupal\Core\Session\AccountInterface;
use Symfony\Component\DependencyInjection\ContainerInterface;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;

/**
 * The chat room as modules without a broker have it: lines in a table, and one
 * light request after the other for those that are new.
 */
final class ChatController implements ContainerInjectionInterface {

  private const MOST = 100;

  /**
   * @param \Drupal\Core\Database\Connection $database
   *   Where lines are kept.
   * @param \Drupal\Core\Session\AccountInterface $account
   *   Who asks.
   * @param \Drupal\Component\Datetime\TimeInterface $time
   *   When.
   * @param \Drupal\drupalrt\Publish\PublisherInterface|null $publisher
   *   Where drupalrt is installed.
   */
  public function __construct(
    private readonly Connection $database,
    private readonly AccountInterface $account,
    private readonly TimeInterface $time,
    private readonly ?object $publisher,
  ) {}

  /**
   * {@inheritdoc}
   */
  public static function create(ContainerInterface $container): self {
    return new self(
      $container->get('database'),
      $container->get('current_user'),
      $container->get('datetime.time'),
      $container->get('drupalrt.publisher', ContainerInterface::NULL_ON_INVALID_REFERENCE),
    );
  }

  /**
   * The lines behind the one that the browser has.
   */
  public function poll(Request $request): JsonResponse {
    $lines = $this->database->queryRange(
      'SELECT l.[id], u.[name], l.[text] FROM {drupalrt_bench_line} l INNER JOIN {users_field_data} u ON u.[uid] = l.[uid] AND u.[default_langcode] = 1 WHERE l.[id] > :since ORDER BY l.[id]',
      0,
      self::MOST,
      [':since' => $request->query->getInt('since')],
    )->fetchAll(\PDO::FETCH_ASSOC);
    return new JsonResponse(['lines' => $lines]);
  }

  /**
   * Takes a line; with `push` in the query it is pushed, too.
   */
  public function say(Request $request): JsonResponse {
    $text = mb_substr((string) $request->toArray()['text'], 0, 500);
    $this->database->insert('drupalrt_bench_line')->fields([
      'uid' => $this->account->id(),
      'text' => $text,
      'created' => $this->time->getRequestTime(),
    ])->execute();
    if ($request->query->has('push')) {
      $this->publisher?->publish('bench:room', ['name' => $this->account->getAccountName(), 'text' => $text]);
    }
    return new JsonResponse([], 201);
  }

}
