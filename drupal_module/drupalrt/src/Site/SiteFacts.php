<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Site;

/**
 * What has to be known of a site before a document can be made of it.
 *
 * Plain values, in the site's own words: nothing is checked here.
 */
final class SiteFacts {

  public const CORE_HANDLER = 'Drupal\Core\Session\SessionHandler';

  /**
   * @param string $key
   *   The site's name with the broker: letters, digits, dots, underscores and
   *   dashes, 64 at most.
   * @param string $secret
   *   At least 32 characters; signs tokens and admits publishers.
   * @param list<string> $hosts
   *   Host header values that belong to the site, the main one first.
   * @param list<string> $origins
   *   Origins whose pages may connect; none: http and https of every host.
   * @param string $url
   *   Where browsers find the broker; empty: the page's host, port 8000.
   * @param bool $anonymous
   *   Whether visitors who are not logged in may connect.
   * @param list<string> $httpCookies
   *   Session cookie names to look for on http, in order; none: Drupal's.
   * @param list<string> $httpsCookies
   *   The same on https.
   * @param int $schema
   *   The layout of the tables: 10 stands for Drupal 8 to 11.
   * @param string $sessionHandler
   *   The class that stores sessions, or "redis" or "memcached" (see
   *   SessionStore).
   * @param string $serializer
   *   PHP's session.serialize_handler.
   * @param array<string, mixed> $sessionStore
   *   Where Redis or memcached is, and how sessions are named there.
   * @param bool $superUser
   *   Whether user 1 may do all.
   * @param array<string, mixed> $database
   *   The connection as Drupal's $databases has it; empty: none to be read.
   * @param string $root
   *   What a relative SQLite path is relative to.
   * @param array<string, string> $environment
   *   What the environment adds to the connection (DatabaseSection).
   * @param array<string, array{admin: bool, permissions: list<string>}>|null $roles
   *   What each role effectively grants; NULL: the broker reads the database.
   * @param string $nodeAccess
   *   Who decides what may be done with a node: "php", "grants" or "core";
   *   empty: the broker takes it for "php".
   * @param list<\Drupal\drupalrt\Rule\ChannelNamespace> $namespaces
   *   The channels.
   * @param list<string> $apiKeys
   *   Keys for the broker's HTTP API.
   * @param string $figuresChannel
   *   Where the broker publishes the site's figures each second, while anybody
   *   listens; empty: nowhere.
   */
  public function __construct(
    public readonly string $key,
    #[\SensitiveParameter] public readonly string $secret,
    public readonly array $hosts,
    public readonly array $origins = [],
    public readonly string $url = '',
    public readonly bool $anonymous = TRUE,
    public readonly array $httpCookies = [],
    public readonly array $httpsCookies = [],
    public readonly int $schema = 10,
    public readonly string $sessionHandler = self::CORE_HANDLER,
    public readonly string $serializer = 'php',
    #[\SensitiveParameter] public readonly array $sessionStore = [],
    public readonly bool $superUser = TRUE,
    #[\SensitiveParameter] public readonly array $database = [],
    public readonly string $root = '',
    public readonly array $environment = [],
    public readonly ?array $roles = NULL,
    public readonly string $nodeAccess = '',
    public readonly array $namespaces = [],
    #[\SensitiveParameter] public readonly array $apiKeys = [],
    public readonly string $figuresChannel = '',
  ) {}

}
