<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Account;

/**
 * Whoever asks for a page: a value, loaded anew with each request.
 */
final class Account {

  /**
   * @param list<string> $roles
   * @param list<string> $permissions
   */
  public function __construct(
    public readonly int $uid,
    public readonly string $name,
    public readonly array $roles,
    private readonly array $permissions,
    private readonly bool $admin = FALSE,
  ) {}

  public function isLoggedIn(): bool {
    return $this->uid > 0;
  }

  public function may(string $permission): bool {
    return $this->admin || in_array($permission, $this->permissions, TRUE);
  }

}
