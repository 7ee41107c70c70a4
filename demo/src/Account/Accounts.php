<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Account;

use Drupalrt\SampleSite\Database\Connection;

/**
 * The people, read and written in Drupal 10's tables.
 */
final class Accounts {

  public function __construct(
    private readonly Connection $database,
    private readonly Roles $roles,
    private readonly int $hashCost,
  ) {}

  /**
   * Who that uid is; nobody for a blocked or unknown one.
   */
  public function load(int $uid): Account {
    $row = $uid > 0
      ? $this->database->row('SELECT name, status FROM users_field_data WHERE uid = ? AND default_langcode = 1', [$uid])
      : NULL;
    if ($row === NULL || $row['status'] !== '1') {
      return $this->account(0, '', ['anonymous']);
    }
    return $this->account($uid, (string) $row['name'], ['authenticated', ...$this->rolesOf($uid)]);
  }

  /**
   * The uid that signs in with this name and password; 0 when it does not.
   */
  public function authenticate(string $name, string $password): int {
    $row = $this->database->row('SELECT uid, pass, status FROM users_field_data WHERE name = ? AND default_langcode = 1', [$name]);
    // An unknown name costs as much as a wrong password.
    $hash = $row['pass'] ?? '$2y$10$usesomesillystringfore7hnbRJHxXVLeakoG8K30oukPsA.ztMG';
    $good = password_verify($password, $hash);
    return $row !== NULL && $good && $row['status'] === '1' ? (int) $row['uid'] : 0;
  }

  /**
   * @return list<array{uid: int, name: string, active: bool, roles: list<string>}>
   */
  public function people(): array {
    $people = [];
    foreach ($this->database->rows('SELECT uid, name, status FROM users_field_data WHERE uid > 0 AND default_langcode = 1 ORDER BY uid') as $row) {
      $people[] = [
        'uid' => (int) $row['uid'],
        'name' => (string) $row['name'],
        'active' => $row['status'] === '1',
        'roles' => $this->rolesOf((int) $row['uid']),
      ];
    }
    return $people;
  }

  /**
   * @return array<int, string>
   */
  public function names(): array {
    return array_column($this->people(), 'name', 'uid');
  }

  /**
   * @param list<string> $roles
   */
  public function create(string $name, string $password, array $roles, bool $active = TRUE): int {
    $uid = $this->database->insert('users', ['uuid' => self::uuid(), 'langcode' => 'en'], 'uid');
    $this->insertFields($uid, $name, password_hash($password, PASSWORD_BCRYPT, ['cost' => $this->hashCost]), $active);
    $this->setRoles($uid, $roles);
    return $uid;
  }

  /**
   * Drupal's row 0, the anonymous one.
   */
  public function createAnonymous(): void {
    $this->database->insert('users', ['uid' => 0, 'uuid' => self::uuid(), 'langcode' => 'en']);
    $this->insertFields(0, '', NULL, FALSE);
  }

  /**
   * @param list<string> $roles
   */
  public function setRoles(int $uid, array $roles): void {
    $this->database->query('DELETE FROM user__roles WHERE entity_id = ?', [$uid]);
    foreach (array_values($roles) as $delta => $role) {
      $this->database->insert('user__roles', [
        'bundle' => 'user',
        'deleted' => 0,
        'entity_id' => $uid,
        'revision_id' => $uid,
        'langcode' => 'en',
        'delta' => $delta,
        'roles_target_id' => $role,
      ]);
    }
  }

  public function setActive(int $uid, bool $active): void {
    $this->database->query('UPDATE users_field_data SET status = ?, changed = ? WHERE uid = ?', [(int) $active, time(), $uid]);
  }

  public function noteLogin(int $uid): void {
    $this->database->query('UPDATE users_field_data SET login = ?, access = ? WHERE uid = ?', [time(), time(), $uid]);
  }

  public static function uuid(): string {
    $hex = bin2hex(random_bytes(16));
    $hex[12] = '4';
    $hex[16] = dechex(8 | (hexdec($hex[16]) & 3));
    return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split($hex, 4));
  }

  /**
   * @return list<string>
   */
  private function rolesOf(int $uid): array {
    return array_map('strval', array_column($this->database->rows('SELECT roles_target_id FROM user__roles WHERE entity_id = ? ORDER BY delta', [$uid]), 'roles_target_id'));
  }

  /**
   * @param list<string> $ids
   */
  private function account(int $uid, string $name, array $ids): Account {
    $roles = array_intersect_key($this->roles->all(), array_flip($ids));
    $admin = $uid === 1 || in_array(TRUE, array_column($roles, 'admin'), TRUE);
    $permissions = array_merge(...array_values(array_column($roles, 'permissions')), ...[[]]);
    return new Account($uid, $name, $ids, array_values(array_unique($permissions)), $admin);
  }

  private function insertFields(int $uid, string $name, ?string $hash, bool $active): void {
    $now = time();
    $mail = $uid > 0 ? "user$uid@example.com" : NULL;
    $this->database->insert('users_field_data', [
      'uid' => $uid,
      'langcode' => 'en',
      'preferred_langcode' => 'en',
      'name' => $name,
      'pass' => $hash,
      'mail' => $mail,
      'timezone' => $uid > 0 ? 'UTC' : NULL,
      'status' => (int) $active,
      'created' => $now,
      'changed' => $now,
      'access' => 0,
      'login' => 0,
      'init' => $mail,
      'default_langcode' => 1,
    ]);
  }

}
