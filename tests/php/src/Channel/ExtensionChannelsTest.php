<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Channel;

use Drupal\drupalrt\Channel\Client;
use Drupal\drupalrt\Channel\ExtensionChannels;
use Drupal\drupalrt\Channel\History;
use Drupal\drupalrt\Channel\Position;
use Drupal\drupalrt\Channel\PresenceStats;
use Drupal\drupalrt\Channel\Publication;
use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Link\SiteExtension;
use Drupal\Tests\drupalrt\FakeExtension;
use PHPUnit\Framework\TestCase;

final class ExtensionChannelsTest extends TestCase {

  private ExtensionChannels $channels;

  protected function setUp(): void {
    FakeExtension::reset();
    $this->channels = new ExtensionChannels(new SiteExtension());
  }

  public function testPresenceIsByClient(): void {
    FakeExtension::$result = [
      'c-1' => ['user' => '5', 'client' => 'c-1', 'conn_info' => ['name' => 'member'], 'chan_info' => 7],
      'c-2' => ['user' => '', 'client' => 'c-2'],
    ];
    self::assertEquals(
      ['c-1' => new Client('5', 'c-1', ['name' => 'member'], 7), 'c-2' => new Client('', 'c-2')],
      $this->channels->presence('chat:1'),
    );
    self::assertSame([['presence', 'chat:1', []]], FakeExtension::$calls);
  }

  public function testPresenceStatsAreTwoNumbers(): void {
    FakeExtension::$result = ['num_clients' => 3, 'num_users' => 2];
    self::assertEquals(new PresenceStats(3, 2), $this->channels->presenceStats('chat:1'));
  }

  public function testHistoryHasPublicationsAndAPosition(): void {
    FakeExtension::$result = [
      'publications' => [
        ['data' => ['text' => 'hello'], 'offset' => 4, 'tags' => ['lang' => 'de'], 'info' => ['user' => '5', 'client' => 'c-1']],
        ['data' => NULL, 'offset' => 5],
      ],
      'epoch' => 'e',
      'offset' => 9,
    ];
    $history = $this->channels->history('chat:1', 2, new Position(3, 'e'), TRUE);

    self::assertEquals(new History([
      new Publication(['text' => 'hello'], 4, ['lang' => 'de'], new Client('5', 'c-1')),
      new Publication(NULL, 5),
    ], new Position(9, 'e')), $history);
    self::assertSame(
      [['history', 'chat:1', ['limit' => 2, 'reverse' => TRUE, 'since' => ['offset' => 3, 'epoch' => 'e']]]],
      FakeExtension::$calls,
    );
  }

  public function testAPositionAloneAsksForNoPublications(): void {
    FakeExtension::$result = ['publications' => [], 'epoch' => 'e', 'offset' => 9];
    self::assertEquals(new Position(9, 'e'), $this->channels->history('chat:1')->position);
    self::assertSame([['history', 'chat:1', ['limit' => 0, 'reverse' => FALSE]]], FakeExtension::$calls);
  }

  public function testChannelsAreListedWithTheirClients(): void {
    FakeExtension::$result = ['chat:1' => ['num_clients' => 2], 'chat:2' => ['num_clients' => 1]];
    self::assertSame(['chat:1' => 2, 'chat:2' => 1], $this->channels->channels('chat:*'));
    self::assertSame([['channels', 'chat:*', []]], FakeExtension::$calls);
  }

  public function testUsersAreSubscribedUnsubscribedAndDisconnected(): void {
    $this->channels->subscribe(5, 'chat:1', ['info' => 7]);
    $this->channels->unsubscribe('5', 'chat:1');
    $this->channels->disconnect(5, ['code' => 4000]);
    self::assertSame([
      ['subscribe', 5, 'chat:1', ['info' => 7]],
      ['unsubscribe', '5', 'chat:1', []],
      ['disconnect', 5, ['code' => 4000]],
    ], FakeExtension::$calls);
  }

  public function testEachQuestionIsAskedInTheNameOfTheSite(): void {
    $channels = new ExtensionChannels(new SiteExtension('example', 'secret'));
    $channels->disconnect(5);
    $channels->disconnect(6);
    self::assertSame([
      ['site', 'example', 'secret'],
      ['disconnect', 5, []],
      ['site', 'example', 'secret'],
      ['disconnect', 6, []],
    ], FakeExtension::$calls);
  }

  public function testARefusalKeepsItsCodeAndWords(): void {
    FakeExtension::$throws = new \RuntimeException('not available', 108);
    $this->expectExceptionObject(new LinkError('not available', 108));
    $this->channels->presence('chat:1');
  }

  public function testAMistakeOfTheCallerStaysOne(): void {
    FakeExtension::$throws = new \ValueError('has the unknown option "x"');
    $this->expectException(\ValueError::class);
    $this->channels->disconnect(5, ['x' => 1]);
  }

}
