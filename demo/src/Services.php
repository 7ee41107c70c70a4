<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite;

use Drupal\drupalrt\Link\ExtensionLink;
use Drupal\drupalrt\Link\Link;
use Drupal\drupalrt\Publish\Event;
use Drupal\drupalrt\Publish\EventQueue;
use Drupal\drupalrt\Publish\ExtensionTransport;
use Drupal\drupalrt\Publish\Publisher;
use Drupal\drupalrt\Publish\PublisherInterface;
use Drupal\drupalrt\Publish\Transport;
use Drupalrt\SampleSite\Account\Accounts;
use Drupalrt\SampleSite\Account\Roles;
use Drupalrt\SampleSite\Database\Connection;
use Drupalrt\SampleSite\Line\Line;
use Drupalrt\SampleSite\Notes\Notes;
use Drupalrt\SampleSite\Page\ChatPage;
use Drupalrt\SampleSite\Page\HomePage;
use Drupalrt\SampleSite\Page\LinePages;
use Drupalrt\SampleSite\Page\NotesPages;
use Drupalrt\SampleSite\Page\OperatorPage;
use Drupalrt\SampleSite\Page\PeoplePages;
use Drupalrt\SampleSite\Page\Renderer;
use Drupalrt\SampleSite\Page\SignInPages;
use Drupalrt\SampleSite\Realtime\Site;
use Drupalrt\SampleSite\Session\HandlerStore;
use Drupalrt\SampleSite\Session\Session;
use Drupalrt\SampleSite\Session\SessionStore;
use Drupalrt\SampleSite\Session\SessionTable;

/**
 * The one place where things are put together; lives as long as the request.
 */
final class Services {

  public readonly Settings $settings;
  public readonly Connection $database;
  public readonly Roles $roles;
  public readonly Accounts $accounts;
  public readonly SessionStore $sessions;
  public readonly Session $session;
  public readonly Site $site;
  public readonly PublisherInterface $publisher;
  public readonly Notes $notes;
  public readonly Line $line;
  public readonly Renderer $renderer;

  public function __construct(?Settings $settings = NULL, ?Transport $transport = NULL, ?Link $link = NULL) {
    $this->settings = $settings ?? Settings::fromEnvironment();
    // Makes the state folder, too.
    $secret = $this->settings->secret();
    $this->database = new Connection($this->settings->dsn, getenv('DEMO_DB_USER') ?: NULL, getenv('DEMO_DB_PASSWORD') ?: NULL);
    $this->roles = new Roles($this->database);
    $this->accounts = new Accounts($this->database, $this->roles, $this->settings->hashCost);
    $this->sessions = $this->settings->sessions === Settings::IN_DATABASE
      ? new SessionTable($this->database)
      : new HandlerStore($this->database, $this->settings->sessions, $this->settings->sessionPath);
    $this->session = new Session($this->sessions, $secret);
    $this->site = new Site($this->settings, $link ?? new ExtensionLink());
    $this->publisher = $this->publisher($transport ?? $this->transport());
    $this->notes = new Notes($this->database, $this->publisher);
    $this->line = new Line($this->database, $this->publisher);
    $this->renderer = new Renderer($this->settings);
  }

  public function install(): bool {
    return (new Install($this->database, $this->settings, $this->accounts, $this->roles))->run();
  }

  /**
   * Events wait for the commit; what is rolled back was never said.
   */
  private function publisher(Transport $transport): PublisherInterface {
    $queue = new EventQueue($transport);
    $this->database->afterTransaction(static fn (bool $committed) => $committed ? $queue->release() : $queue->drop());
    return new Publisher(
      $queue,
      fn (EventQueue $queue) => $this->database->inTransaction() ? $queue->hold() : NULL,
      static function (\Throwable $mistake): void {
        error_log('drupalrt: ' . $mistake->getMessage());
      },
    );
  }

  private function transport(): Transport {
    return new ExtensionTransport(
      Site::KEY,
      $this->settings->secret(),
      static function (\Throwable $mistake, Event $event): void {
        error_log('drupalrt: ' . implode(', ', $event->channels) . ': ' . $mistake->getMessage());
      },
    );
  }

  /**
   * @param class-string $class
   */
  public function page(string $class): object {
    return match ($class) {
      HomePage::class => new HomePage($this->renderer),
      ChatPage::class => new ChatPage($this->renderer),
      NotesPages::class => new NotesPages($this->renderer, $this->notes),
      LinePages::class => new LinePages($this->renderer, $this->line),
      SignInPages::class => new SignInPages($this->renderer, $this->accounts, $this->site),
      OperatorPage::class => new OperatorPage($this->renderer),
      PeoplePages::class => new PeoplePages($this->renderer, $this->accounts, $this->roles, $this->sessions, $this->site),
      default => throw new \LogicException("No page $class."),
    };
  }

}
