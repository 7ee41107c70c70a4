<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Realtime;

use Drupal\drupalrt\Link\Link;
use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Rule\NamespaceFile;
use Drupal\drupalrt\Site\Notice;
use Drupal\drupalrt\Site\SessionStore;
use Drupal\drupalrt\Site\SiteDocument;
use Drupal\drupalrt\Site\SiteDocumentCompiler;
use Drupal\drupalrt\Site\SiteFacts;
use Drupal\drupalrt\Site\SiteRegistry;
use Drupalrt\SampleSite\Session\SessionCookie;
use Drupalrt\SampleSite\Settings;

/**
 * The site as the broker knows it: its document, its channels, its changes.
 */
final class Site {

  public const KEY = 'demo';

  /**
   * Who may do what where; what a module would declare in its .drupalrt.yml.
   */
  private const NAMESPACES = [
    // The live list: everyone may look, PHP alone publishes.
    'notes' => ['subscribe' => 'everyone'],
    // The chat room: a browser's line goes to the others by this rule alone.
    'chat' => [
      'subscribe' => 'logged-in',
      'publish' => ['permission' => 'post comments'],
      // Whoever was cut off for a moment is given what was said meanwhile.
      'history_size' => 100,
      'history_ttl' => '300s',
      'force_recovery' => TRUE,
      // Who is here; a reload is no farewell.
      'presence' => TRUE,
      'presence_grace' => '4s',
      'join_leave' => TRUE,
      'force_push_join_leave' => TRUE,
    ],
    // Who is typing is nothing to be kept.
    'typing' => ['subscribe' => 'logged-in', 'publish' => ['permission' => 'post comments']],
    // The broker's own figures, each second, while somebody looks.
    'operator' => ['subscribe' => ['permission' => 'administer users']],
    'members' => ['subscribe' => 'logged-in'],
    // The waiting line: the board for members, the names for agents.
    'queue' => ['subscribe' => 'logged-in'],
    'desk' => ['subscribe' => ['permission' => 'serve waiting line']],
  ];

  /**
   * The broker keeps the document; asking again now and then costs little and
   * heals one that lost its state.
   */
  private const INTRODUCE_AGAIN_S = 300;

  private readonly SiteRegistry $registry;

  public function __construct(
    private readonly Settings $settings,
    Link $link,
  ) {
    $this->registry = new SiteRegistry($link);
  }

  public function document(): SiteDocument {
    $hosts = $this->settings->hosts();
    $sessions = $this->settings->sessions === Settings::IN_DATABASE
      ? SessionStore::handledBy(SiteFacts::CORE_HANDLER)
      : SessionStore::ofPhp($this->settings->sessions, $this->settings->sessionPath);
    $scheme = (string) parse_url($this->settings->siteUrl, PHP_URL_SCHEME);
    return (new SiteDocumentCompiler())->compile(new SiteFacts(
      key: self::KEY,
      secret: $this->settings->secret(),
      hosts: $hosts,
      origins: array_map(static fn (string $host): string => "$scheme://$host", $hosts),
      url: $this->settings->brokerUrl,
      httpCookies: $this->cookies($hosts, FALSE),
      httpsCookies: $this->cookies($hosts, TRUE),
      sessionHandler: $sessions->handler,
      sessionStore: $sessions->store,
      database: $this->settings->database(),
      namespaces: NamespaceFile::read(['namespaces' => self::NAMESPACES], 'sample site'),
      apiKeys: [$this->settings->apiKey()],
      figuresChannel: 'operator:figures',
    ));
  }

  /**
   * Tells the broker of the site.
   *
   * @return string
   *   What went wrong, or that the broker cannot read the sessions, and why;
   *   the empty string when all is well.
   */
  public function introduce(): string {
    try {
      $document = $this->document();
      $registration = $this->registry->introduce($document);
    }
    catch (LinkError $e) {
      return 'The broker does not take the site: ' . $e->getMessage();
    }
    file_put_contents($this->marker(), $document->fingerprint());
    return $registration->nativeLogin ? '' : "The broker cannot read the site's sessions: $registration->reason";
  }

  /**
   * The same from a web request: when the broker was not told yet, or long ago.
   */
  public function introduceOnce(): void {
    $marker = $this->marker();
    $fresh = is_file($marker)
      && time() - (int) filemtime($marker) < self::INTRODUCE_AGAIN_S
      && file_get_contents($marker) === $this->document()->fingerprint();
    if (!$fresh && function_exists('drupalrt_call')) {
      $problem = $this->introduce();
      if ($problem !== '') {
        error_log("drupalrt: $problem");
      }
    }
  }

  /**
   * Has the broker look again at what changed; it finds out later otherwise.
   */
  public function notify(Notice $notice): void {
    try {
      $this->registry->notify(self::KEY, $this->settings->secret(), $notice);
    }
    catch (LinkError $e) {
      error_log('drupalrt: ' . $e->getMessage());
    }
  }

  /**
   * @param list<string> $hosts
   *
   * @return list<string>
   */
  private function cookies(array $hosts, bool $https): array {
    return array_map(static fn (string $host): string => SessionCookie::name((string) preg_replace('/:\d+$/', '', $host), $https), $hosts);
  }

  private function marker(): string {
    return "{$this->settings->stateDir}/introduced";
  }

}
