<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Status;

use Drupal\Core\Database\Connection;
use Drupal\Core\StringTranslation\StringTranslationTrait;
use Drupal\Core\StringTranslation\TranslatableMarkup;
use Drupal\Core\StringTranslation\TranslationInterface;
use Drupal\drupalrt\Introduction\EffectiveRoles;
use Drupal\drupalrt\Introduction\SessionStoreReader;
use Drupal\drupalrt\Introduction\SiteIdentity;
use Drupal\drupalrt\Introduction\WebFacts;
use Drupal\drupalrt\Link\Link;
use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Site\Registration;
use Drupal\drupalrt\Site\SiteRegistry;

/**
 * Says how the broker knows who somebody is, and what they may.
 */
final class LoginReport {

  use StringTranslationTrait;

  /**
   * How often a broker is asked that has not looked into the database yet.
   */
  private const PATIENCE = 10;

  /**
   * @param \Drupal\drupalrt\Link\Link $link
   *   The line to the broker.
   * @param \Drupal\drupalrt\Site\SiteRegistry $registry
   *   The broker's list of sites.
   * @param \Drupal\drupalrt\Introduction\SiteIdentity $identity
   *   The site.
   * @param \Drupal\drupalrt\Introduction\SessionStoreReader $sessionStore
   *   Where sessions are.
   * @param \Drupal\drupalrt\Introduction\WebFacts $webFacts
   *   How they are serialised.
   * @param \Drupal\drupalrt\Introduction\EffectiveRoles $roles
   *   What roles grant.
   * @param \Drupal\Core\Database\Connection $database
   *   Where accounts are.
   * @param \Drupal\Core\StringTranslation\TranslationInterface $stringTranslation
   *   Translates.
   * @param list<string> $foreign_access_policies
   *   Services of modules that change permissions.
   */
  public function __construct(
    private readonly Link $link,
    private readonly SiteRegistry $registry,
    private readonly SiteIdentity $identity,
    private readonly SessionStoreReader $sessionStore,
    private readonly WebFacts $webFacts,
    private readonly EffectiveRoles $roles,
    private readonly Connection $database,
    TranslationInterface $stringTranslation,
    private readonly array $foreign_access_policies = [],
  ) {
    $this->setStringTranslation($stringTranslation);
  }

  /**
   * The rows of the status report; none where the broker cannot be asked.
   *
   * @return array<string, array<string, mixed>>
   *   As hook_requirements() has them.
   */
  public function rows(): array {
    $registration = $this->registration();
    return $registration === NULL ? [] : [
      'drupalrt_login' => $this->login($registration),
      'drupalrt_permissions' => $this->permissions(),
    ];
  }

  private function registration(): ?Registration {
    if (!$this->link->status()->isConnected()) {
      return NULL;
    }
    try {
      $registration = $this->registry->find($this->identity->key());
      for ($i = 0; $i < self::PATIENCE && $registration?->nativeLogin && !$registration->read && $registration->trouble === ''; $i++) {
        // Being asked has it look.
        usleep(50_000);
        $registration = $this->registry->find($this->identity->key());
      }
      return $registration;
    }
    catch (LinkError) {
      return NULL;
    }
  }

  /**
   * @return array<string, mixed>
   *   How it knows who somebody is.
   */
  private function login(Registration $registration): array {
    $store = $this->sessionStore->read();
    $lines = [
      $this->database($registration),
      $this->t('Sessions: @handler, serialised by @serializer.', [
        '@handler' => $store->handler,
        '@serializer' => $this->webFacts->serializer(),
      ]),
    ];
    if (!$registration->nativeLogin) {
      $reason = $store->obstacle !== '' ? $store->obstacle : $registration->reason;
      $lines[] = $this->t('The browser client fetches a token from this site every few minutes to say who somebody is, because @reason.', ['@reason' => rtrim($reason, '.')]);
      $lines[] = $this->t("Nothing has to be done for that. To have the broker read the login itself, keep sessions in Drupal's database, or by PHP's own handler in Redis or memcached, serialised by php or php_serialize.");
      return $this->row($this->t('Who is who'), $this->t('By tokens that PHP signs'), $lines, Severity::Warning);
    }
    $lines[] = $this->t('What is changed through Drupal takes effect at once. What is changed behind its back, as by SQL, and sessions that Drupal cleans up, take effect within the sweep_interval of the broker (10 seconds where it is not configured).');
    $trouble = $registration->trouble;
    return $trouble === ''
      ? $this->row($this->t('Who is who'), $this->t("The broker reads Drupal's login itself"), $lines, Severity::OK)
      : $this->row($this->t('Who is who'), $this->t("The broker cannot read the site's data at present"), $lines, Severity::Error);
  }

  private function database(Registration $registration): TranslatableMarkup {
    $driver = ['@driver' => $this->database->driver(), '@trouble' => $registration->trouble];
    return match (TRUE) {
      $registration->trouble !== '' => $this->t('Database: @driver. The broker says: @trouble', $driver),
      $registration->read => $this->t('Database: @driver, which the broker reads.', $driver),
      default => $this->t('Database: @driver, which the broker has not had to read yet.', $driver),
    };
  }

  /**
   * @return array<string, mixed>
   *   Where it has permissions from.
   */
  private function permissions(): array {
    $overridden = $this->roles->overridden();
    $policies = $this->foreign_access_policies;
    if ($overridden === [] && $policies === []) {
      return $this->row($this->t('Permissions'), $this->t('Exactly what the roles grant'), [], Severity::OK);
    }
    $lines = [];
    if ($overridden !== []) {
      $lines[] = $this->t('Overridden in settings.php or by a module: @names.', ['@names' => implode(', ', $overridden)]);
    }
    if ($policies !== []) {
      $lines[] = $this->t('Decided by access policies as well: @policies. The broker takes what they decide about a role.', ['@policies' => implode(', ', $policies)]);
    }
    $contexts = $this->roles->contexts();
    if ($contexts !== []) {
      $lines[] = $this->t('These policies go by more than roles (@contexts), which the broker cannot see: guard by tokens the channels that this concerns.', ['@contexts' => implode(', ', $contexts)]);
    }
    $lines[] = $this->t('Changes to this reach the broker when the caches are rebuilt (drush cr), at cron, or by drush drupalrt:sync.');
    $value = $policies === []
      ? $this->t('What the roles grant, with overrides')
      : $this->t('What the roles grant, as PHP judged when the site was introduced');
    return $this->row($this->t('Permissions'), $value, $lines, $contexts === [] ? Severity::Info : Severity::Warning);
  }

  /**
   * @param \Drupal\Core\StringTranslation\TranslatableMarkup $what
   *   What the row is about.
   * @param \Drupal\Core\StringTranslation\TranslatableMarkup $value
   *   How it is.
   * @param list<\Drupal\Core\StringTranslation\TranslatableMarkup> $lines
   *   More about it.
   * @param \Drupal\drupalrt\Status\Severity $severity
   *   How bad it is.
   *
   * @return array<string, mixed>
   *   As hook_requirements() has it.
   */
  private function row(TranslatableMarkup $what, TranslatableMarkup $value, array $lines, Severity $severity): array {
    $row = [
      'title' => $this->t('Real-time push: @what', ['@what' => $what]),
      'value' => $value,
      'severity' => $severity->ofDrupal(),
    ];
    return $lines === [] ? $row : $row + ['description' => ['#theme' => 'item_list', '#items' => $lines]];
  }

}
