<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Introduction;

use Drupal\Core\Site\Settings;
use Drupal\drupalrt\Site\SessionStore;

/**
 * Finds out where the site keeps its sessions.
 *
 * Drupal's handler, PHP's own ones for Redis and memcached, the contributed
 * module redis_sessions, and Symfony's handlers are told apart by their
 * classes. Anything else is a class that only PHP can ask.
 */
final class SessionStoreReader {

  private const REDIS_SESSIONS = [
    'Drupal\redis_sessions\RedisSessionsSessionManager',
    'Drupal\redis_sessions\Session\RedisSessionsSessionManager',
  ];

  private const REDIS_SESSION = 'Drupal\redis_session\Session\Storage\RedisSessionHandler';

  private const SYMFONY = 'Symfony\Component\HttpFoundation\Session\Storage\Handler\\';

  /**
   * @param \Drupal\Core\Site\Settings $settings
   *   Has what contributed modules go by.
   * @param \Drupal\drupalrt\Introduction\WebFacts $webFacts
   *   Has what php.ini says.
   * @param object $handler
   *   The service that stores sessions.
   * @param object $manager
   *   The service that manages them.
   * @param list<string> $foreign_proxies
   *   Services that stand between the two and may change what is stored.
   */
  public function __construct(
    private readonly Settings $settings,
    private readonly WebFacts $webFacts,
    private readonly object $handler,
    private readonly object $manager,
    private readonly array $foreign_proxies = [],
  ) {}

  /**
   * The store as it is now.
   */
  public function read(): SessionStore {
    foreach (self::REDIS_SESSIONS as $class) {
      if (is_a($this->manager, $class)) {
        return $this->redisSessions();
      }
    }
    if ($this->foreign_proxies !== []) {
      $services = implode(', ', $this->foreign_proxies);
      return SessionStore::unreadable("session_handler_proxy $services", "what is stored passes through $services, which may change it");
    }
    $class = get_class($this->handler);
    if ($class === \SessionHandler::class) {
      $php = $this->webFacts->sessions();
      return SessionStore::ofPhp($php['module'], $php['path'], $php['ini']);
    }
    return match ($class) {
      self::REDIS_SESSION => $this->redisClient('session_', 'redis_session'),
      self::SYMFONY . 'RedisSessionHandler' => $this->redisClient($this->inside('prefix'), 'symfony'),
      self::SYMFONY . 'MemcachedSessionHandler' => $this->symfonyMemcached(),
      default => SessionStore::handledBy($class),
    };
  }

  /**
   * The module hands sessions to PHP's own handler for Redis.
   */
  private function redisSessions(): SessionStore {
    $own = (array) $this->settings->get('redis_sessions', []);
    $path = $own['save_path'] ?? '';
    if (is_string($path) && $path !== '') {
      return SessionStore::redisAt($path, 'redis_sessions');
    }
    // The module takes no other settings of the connection than these two.
    $connection = (array) $this->settings->get('redis.connection', []);
    $host = $connection['host'] ?? '127.0.0.1';
    if (!is_string($host)) {
      return SessionStore::unreadable('redis (sentinels)', 'the broker asks no sentinels of Redis (redis.connection)');
    }
    return SessionStore::redisAt('tcp://' . $host . ':' . ($connection['port'] ?? 6379), 'redis_sessions');
  }

  /**
   * A handler that has a client of its own.
   *
   * @param string $prefix
   *   What the handler puts before a session's id.
   * @param string $layout
   *   As SessionStore has it.
   */
  private function redisClient(string $prefix, string $layout): SessionStore {
    $client = $this->inside('redis');
    if (!$client instanceof \Redis || !in_array($client->getOption(\Redis::OPT_SERIALIZER), [0, FALSE], TRUE)) {
      return SessionStore::handledBy(get_class($this->handler));
    }
    if (defined('Redis::OPT_COMPRESSION') && (int) $client->getOption(\Redis::OPT_COMPRESSION) !== 0) {
      return SessionStore::ofPhp('redis', '', ['compression' => 'on']);
    }
    $host = (string) $client->getHost();
    if (str_contains($host, '://')) {
      return SessionStore::redisAt($host, $layout);
    }
    return SessionStore::redis(
      (str_starts_with($host, '/') ? ['socket' => $host] : ['host' => $host, 'port' => (int) $client->getPort()])
        + SessionStore::redisLogin($client->getAuth()) + ['database' => (int) $client->getDbNum()],
      $client->getOption(\Redis::OPT_PREFIX) . $prefix,
      $layout,
    );
  }

  private function symfonyMemcached(): SessionStore {
    $client = $this->inside('memcached');
    if (!$client instanceof \Memcached) {
      return SessionStore::handledBy(get_class($this->handler));
    }
    if ($client->getOption(\Memcached::OPT_COMPRESSION)) {
      return SessionStore::unreadable('memcached (compressed)', 'the broker reads no compressed sessions (Memcached::OPT_COMPRESSION of the client)');
    }
    $servers = array_map(static fn (array $server): string => $server['host'] . ($server['port'] > 0 ? ":$server[port]" : ''), $client->getServerList());
    return SessionStore::ofPhp('memcached', implode(',', $servers), [
      'prefix' => $client->getOption(\Memcached::OPT_PREFIX_KEY) . $this->inside('prefix'),
      'consistent_hash' => $client->getOption(\Memcached::OPT_LIBKETAMA_COMPATIBLE) ? '1' : '0',
    ]);
  }

  /**
   * A property of the handler, which has no other way to be asked.
   */
  private function inside(string $property): mixed {
    return (new \ReflectionProperty($this->handler, $property))->getValue($this->handler);
  }

}
