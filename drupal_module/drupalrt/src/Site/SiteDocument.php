<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Site;

/**
 * What a site tells the broker about itself.
 *
 * Immutable. It holds the database's password and the site's secret: it goes
 * to the broker or into a file of mode 0600, never into a log.
 */
final class SiteDocument implements \JsonSerializable {

  /**
   * @param array{key: string, secret: string, ...<string, mixed>} $values
   *   As the broker's schema has them.
   */
  public function __construct(#[\SensitiveParameter] private readonly array $values) {}

  /**
   * The site's name with the broker.
   */
  public function key(): string {
    return $this->values['key'];
  }

  /**
   * The secret by which the broker knows the site's publishers.
   */
  public function secret(): string {
    return $this->values['secret'];
  }

  /**
   * As drupalrt_call('site', ['document' => …]) takes it.
   *
   * @return array<string, mixed>
   *   Empty mappings are objects, so that they encode as such.
   */
  public function toArray(): array {
    return $this->values;
  }

  /**
   * As `drupalrtd serve --site FILE` takes it.
   */
  public function toJson(): string {
    return json_encode($this->values, JSON_THROW_ON_ERROR | JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE) . "\n";
  }

  /**
   * Tells whether a document registered earlier is still what the site is.
   */
  public function fingerprint(): string {
    return hash('sha256', json_encode($this->values, JSON_THROW_ON_ERROR));
  }

  /**
   * {@inheritdoc}
   *
   * @return array<string, mixed>
   *   The document.
   */
  public function jsonSerialize(): array {
    return $this->values;
  }

  /**
   * Keeps the secrets out of dumps.
   *
   * @return array<string, mixed>
   *   What may be seen.
   */
  public function __debugInfo(): array {
    return ['key' => $this->key(), 'fingerprint' => $this->fingerprint()];
  }

}
