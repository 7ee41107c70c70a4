<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Site;

/**
 * What the broker has to look at again: changes to who somebody is.
 *
 * A notice carries no news, only what to forget; the broker reads the truth
 * from the database. So one too many does no harm.
 */
final class Notice {

  /**
   * @param list<string> $sessions
   *   Hashes of session ids, as the sessions table has them.
   * @param list<int> $users
   *   Ids of users whose account or roles changed.
   * @param bool $roles
   *   Whether what a role grants changed.
   */
  public function __construct(
    public readonly array $sessions = [],
    public readonly array $users = [],
    public readonly bool $roles = FALSE,
  ) {}

  /**
   * The hash under which the sessions table keeps a session id.
   */
  public static function sessionHash(#[\SensitiveParameter] string $id): string {
    return strtr(rtrim(base64_encode(hash('sha256', $id, TRUE)), '='), '+/', '-_');
  }

  /**
   * Whether there is nothing to tell.
   */
  public function isEmpty(): bool {
    return $this->sessions === [] && $this->users === [] && !$this->roles;
  }

  /**
   * Both in one.
   */
  public function with(self $other): self {
    return new self(
      array_values(array_unique([...$this->sessions, ...$other->sessions])),
      array_values(array_unique([...$this->users, ...$other->users])),
      $this->roles || $other->roles,
    );
  }

  /**
   * As the broker takes it.
   *
   * @return array<string, mixed>
   *   What there is to tell alone.
   */
  public function toArray(): array {
    return array_filter(['sessions' => $this->sessions, 'users' => $this->users, 'roles' => $this->roles]);
  }

}
