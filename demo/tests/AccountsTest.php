<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Tests;

/**
 * People, roles and permissions.
 */
final class AccountsTest extends SampleSiteTestCase {

  public function testNameAndPasswordSignIn(): void {
    $uid = $this->site->accounts->authenticate('editor', 'demo');
    self::assertSame('editor', $this->site->accounts->load($uid)->name);
    self::assertSame(0, $this->site->accounts->authenticate('editor', 'wrong'));
    self::assertSame(0, $this->site->accounts->authenticate('nobody', 'demo'));
  }

  public function testABlockedAccountNeitherSignsInNorStaysSignedIn(): void {
    $uid = (int) array_search('blocked', $this->site->accounts->names(), TRUE);
    self::assertSame(0, $this->site->accounts->authenticate('blocked', 'demo'));
    self::assertFalse($this->site->accounts->load($uid)->isLoggedIn());
  }

  public function testRolesGrantPermissionsAndAdministratorsHaveAll(): void {
    self::assertTrue($this->account('editor')->may('edit any note content'));
    self::assertFalse($this->account('member')->may('edit any note content'));
    self::assertTrue($this->account('member')->may('post comments'));
    self::assertTrue($this->account('admin')->may('anything at all'));
    self::assertFalse($this->site->accounts->load(0)->may('post comments'));
  }

  public function testARoleGivenIsARoleHeldAtTheNextRequest(): void {
    $member = $this->account('member');
    self::assertFalse($member->may('serve waiting line'));

    $this->site->accounts->setRoles($member->uid, ['agent']);

    self::assertTrue($this->services()->accounts->load($member->uid)->may('serve waiting line'));
  }

  public function testRolesAreStoredAsDrupalStoresThem(): void {
    $row = $this->site->database->row("SELECT data FROM config WHERE collection = '' AND name = 'user.role.editor'");
    $role = unserialize((string) $row['data'], ['allowed_classes' => FALSE]);

    self::assertSame(['uuid', 'langcode', 'status', 'dependencies', 'id', 'label', 'weight', 'is_admin', 'permissions'], array_keys($role));
    self::assertSame(['edit any note content'], $role['permissions']);
    self::assertMatchesRegularExpression('/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/', $role['uuid']);
  }

  public function testNoRowSaysAuthenticatedOrAnonymous(): void {
    self::assertSame(0, $this->site->database->number("SELECT COUNT(*) FROM user__roles WHERE roles_target_id IN ('anonymous', 'authenticated')"));
  }

  public function testASecondInstallationChangesNothing(): void {
    self::assertFalse($this->services()->install());
    self::assertCount(6, $this->site->accounts->people());
  }

}
