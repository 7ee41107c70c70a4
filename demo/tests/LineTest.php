<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Tests;

/**
 * The waiting line: PHP decides, and tells those whom it concerns.
 */
final class LineTest extends SampleSiteTestCase {

  public function testWhoJoinsIsLastAndIsToldTheOwnPlace(): void {
    $this->site->line->join($this->account('member'));
    $this->site->line->join($this->account('second member'));

    self::assertSame(1, $this->site->line->of($this->account('member')->uid)?->position);
    $told = $this->toldTo('second member');
    self::assertSame(2, end($told)->ticket->position);
  }

  public function testJoiningTwiceKeepsThePlace(): void {
    $this->site->line->join($this->account('member'));
    $this->site->line->join($this->account('editor'));
    $this->site->line->join($this->account('member'));

    self::assertSame(['member', 'editor'], array_column($this->site->line->line(), 'name'));
  }

  public function testTheNextIsCalledAndEveryoneBehindMovesUp(): void {
    foreach (['member', 'second member', 'editor'] as $name) {
      $this->site->line->join($this->account($name));
    }
    $this->told->clear();

    $ticket = $this->site->line->callNext($this->account('agent'));

    self::assertSame('member', $ticket?->name);
    $called = $this->toldTo('member');
    self::assertSame(['called', 'agent'], [end($called)->ticket->state, end($called)->ticket->called_by]);
    self::assertSame([1], $this->positionsToldTo('second member'));
    self::assertSame([2], $this->positionsToldTo('editor'));
    $board = $this->told->dataFor('queue:desk');
    self::assertSame(2, end($board)['waiting']);
  }

  public function testWhoLeavesLetsTheOthersBehindMoveUpAndNobodyBefore(): void {
    foreach (['member', 'second member', 'editor'] as $name) {
      $this->site->line->join($this->account($name));
    }
    $this->told->clear();

    $this->site->line->leave($this->account('second member'));

    self::assertSame([], $this->toldTo('member'));
    self::assertSame([2], $this->positionsToldTo('editor'));
    self::assertNull($this->site->line->of($this->account('second member')->uid));
  }

  public function testTwoAgentsGetTwoPeopleAndThenNobody(): void {
    $this->site->line->join($this->account('member'));
    $this->site->line->join($this->account('second member'));

    $names = [
      $this->site->line->callNext($this->account('agent'))?->name,
      $this->services()->line->callNext($this->account('admin'))?->name,
      $this->site->line->callNext($this->account('agent'))?->name,
    ];

    self::assertSame(['member', 'second member', NULL], $names);
  }

  public function testTheNamesAreToldToTheDeskAlone(): void {
    $this->site->line->join($this->account('member'));

    self::assertSame('member', $this->told->dataFor('desk:line')[0]->line[0]->name);
    self::assertStringNotContainsString('member', json_encode($this->told->dataFor('queue:desk'), JSON_THROW_ON_ERROR));
  }

  public function testTheNextCallEndsTheOneBefore(): void {
    $this->site->line->join($this->account('member'));
    $this->site->line->callNext($this->account('agent'));
    $this->told->clear();

    $this->site->line->callNext($this->account('agent'));

    $told = $this->toldTo('member');
    self::assertNull(end($told)['ticket']);
    self::assertNull($this->site->line->of($this->account('member')->uid));
  }

  public function testAtClosingTimeEverybodyIsSentHomeAndToldSo(): void {
    $this->site->line->join($this->account('member'));
    $this->site->line->join($this->account('editor'));
    $this->site->line->callNext($this->account('agent'));
    $this->told->clear();

    $this->site->line->clear();

    self::assertSame([], $this->site->line->line());
    foreach (['member', 'editor'] as $name) {
      $told = $this->toldTo($name);
      self::assertNull(end($told)['ticket']);
    }
  }

  /**
   * @return list<mixed>
   */
  private function toldTo(string $name): array {
    return $this->told->dataFor('user:' . $this->account($name)->uid);
  }

  /**
   * @return list<int>
   */
  private function positionsToldTo(string $name): array {
    return array_map(static fn (object $told): int => $told->ticket->position, $this->toldTo($name));
  }

}
