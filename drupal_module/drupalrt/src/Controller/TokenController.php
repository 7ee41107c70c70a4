<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Controller;

use Drupal\Core\DependencyInjection\ContainerInjectionInterface;
use Drupal\Core\Session\AccountInterface;
use Drupal\drupalrt\Access\SubscriptionAccess;
use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Token\TokensInterface;
use Psr\Log\LoggerInterface;
use Symfony\Component\DependencyInjection\ContainerInterface;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;

/**
 * Gives the browser client its tokens: {"token": …}, or a status that it
 * understands. 403: no, and do not ask again. 503: not now.
 *
 * Both routes are POST with JSON and want the header X-CSRF-Token from
 * whoever is logged in, so that no other site gets tokens in a user's name.
 */
final class TokenController implements ContainerInjectionInterface {

  /**
   * Until the client fetches the next: as long as somebody who was logged out
   * may go on listening.
   */
  private const CONNECTION_TTL_SECONDS = 300;

  private const SUBSCRIPTION_TTL_SECONDS = 3600;

  public function __construct(
    private readonly TokensInterface $tokens,
    private readonly SubscriptionAccess $access,
    private readonly AccountInterface $account,
    private readonly LoggerInterface $logger,
  ) {}

  /**
   * {@inheritdoc}
   */
  public static function create(ContainerInterface $container): static {
    return new static(
      $container->get(TokensInterface::class),
      $container->get(SubscriptionAccess::class),
      $container->get('current_user'),
      $container->get('logger.channel.drupalrt'),
    );
  }

  /**
   * Says who the browser is, where the broker cannot read the session.
   */
  public function connection(): JsonResponse {
    return $this->answer(fn (): string => $this->tokens->connection(
      (int) $this->account->id(),
      ['name' => (string) $this->account->getDisplayName()],
      self::CONNECTION_TTL_SECONDS,
    ));
  }

  /**
   * Lets the browser into the channel that it names, if a module allows it.
   */
  public function subscription(Request $request): JsonResponse {
    $asked = json_decode($request->getContent(), TRUE);
    $channel = is_array($asked) ? $asked['channel'] ?? NULL : NULL;
    if (!is_string($channel) || preg_match('/^[\x21-\x7e]{1,255}$/D', $channel) !== 1) {
      return self::json(['message' => 'Expected {"channel": "namespace:rest"}.'], 400);
    }
    if (!$this->access->check($channel, $this->account)->isAllowed()) {
      return self::json(['message' => 'This channel is not for this account.'], 403);
    }
    return $this->answer(fn (): string => $this->tokens->subscription(
      (int) $this->account->id(),
      $channel,
      self::SUBSCRIPTION_TTL_SECONDS,
    ));
  }

  /**
   * @param \Closure(): string $mint
   *   Asks the broker.
   */
  private function answer(\Closure $mint): JsonResponse {
    try {
      return self::json(['token' => $mint()], 200);
    }
    catch (LinkError $error) {
      $this->logger->warning('A token could not be minted: @message', ['@message' => $error->getMessage()]);
      return self::json(['message' => 'The broker mints no token at present.'], 503);
    }
  }

  /**
   * @param array<string, string> $content
   *   What to say; to this browser alone.
   * @param int $status
   *   The HTTP status.
   */
  private static function json(array $content, int $status): JsonResponse {
    return new JsonResponse($content, $status, ['Cache-Control' => 'no-store, private']);
  }

}
