<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Tests;

use Drupal\drupalrt\Publish\RecordingTransport;
use Drupalrt\SampleSite\NotFound;
use Drupalrt\SampleSite\Notes\Note;
use Drupalrt\SampleSite\Notes\Notes;
use Drupalrt\SampleSite\Services;

/**
 * What is saved is told, once it is committed.
 */
final class NotesTest extends SampleSiteTestCase {

  public function testASavedNoteIsToldWithWhoAndWhat(): void {
    $event = $this->site->notes->insert($this->account('editor'), ' Title ', 'Text');

    $told = $this->told->dataFor(Notes::CHANNEL);
    self::assertCount(1, $told);
    self::assertSame('insert', $told[0]->op);
    self::assertSame('Title', $told[0]->note->title);
    self::assertSame('editor', $told[0]->by);
    self::assertSame($event['revision'], $told[0]->revision);
  }

  public function testNothingIsToldBeforeTheCommit(): void {
    $this->site->database->transaction(function (): void {
      $this->site->notes->insert($this->account('editor'), 'Early', '');
      self::assertSame([], $this->told->events());
    });
    self::assertCount(1, $this->told->dataFor(Notes::CHANNEL));
  }

  public function testARollbackIsNeverToldAndTheNextCommitCarriesNothingOfIt(): void {
    try {
      $this->site->database->transaction(function (): void {
        $this->site->notes->insert($this->account('editor'), 'Regretted', '');
        throw new \DomainException();
      });
    }
    catch (\DomainException) {
    }
    self::assertSame([], $this->told->events());

    $this->site->notes->insert($this->account('editor'), 'Kept', '');
    $told = $this->told->dataFor(Notes::CHANNEL);
    self::assertSame(['Kept'], array_map(static fn (object $event): string => $event->note->title, $told));
  }

  public function testASaveSucceedsWhenNobodyCanBeTold(): void {
    $site = new Services($this->settings(), new RecordingTransport(FALSE), $this->link);

    $event = $site->notes->insert($this->account('member'), 'Anyway', '');

    self::assertSame('Anyway', $site->notes->load($event['note']->id)?->title);
  }

  public function testEveryChangeRaisesTheRevisionByOne(): void {
    $editor = $this->account('editor');
    $before = $this->site->notes->snapshot()['revision'];

    $note = $this->site->notes->insert($editor, 'One', '')['note'];
    $this->site->notes->update($editor, $note, 'Two', '');
    $this->site->notes->delete($editor, $note);

    $told = $this->told->dataFor(Notes::CHANNEL);
    self::assertSame(['insert', 'update', 'delete'], array_column($told, 'op'));
    self::assertSame([$before + 1, $before + 2, $before + 3], array_column($told, 'revision'));
    self::assertSame($before + 3, $this->site->notes->snapshot()['revision']);
    self::assertNull($this->site->notes->load($note->id));
  }

  public function testANoteThatIsGoneIsNotSavedAndNothingIsTold(): void {
    $editor = $this->account('editor');
    $note = $this->site->notes->insert($editor, 'Short-lived', '')['note'];
    $this->site->notes->delete($editor, $note);
    $this->told->clear();

    try {
      $this->site->notes->update($editor, $note, 'Too late', '');
      self::fail('The update found a note.');
    }
    catch (NotFound) {
      self::assertSame([], $this->told->events());
    }
  }

  public function testMembersChangeTheirOwnNotesAndEditorsAll(): void {
    $member = $this->account('member');
    $own = $this->site->notes->insert($member, 'Mine', '')['note'];
    $other = $this->site->notes->insert($this->account('second member'), 'Theirs', '')['note'];

    self::assertTrue($this->site->notes->mayEdit($member, $own));
    self::assertFalse($this->site->notes->mayEdit($member, $other));
    self::assertTrue($this->site->notes->mayEdit($this->account('editor'), $other));
    self::assertFalse($this->site->notes->mayEdit($this->site->accounts->load(0), $other));
  }

  public function testANoteWithoutTitleOrWithTooMuchIsObjectedTo(): void {
    self::assertSame('', Note::objection('Fine', ''));
    self::assertStringContainsString('needs a title', Note::objection('  ', 'text'));
    self::assertStringContainsString('longer', Note::objection(str_repeat('é', 121), ''));
    self::assertStringContainsString('longer', Note::objection('x', str_repeat('x', 2001)));
    self::assertStringContainsString('UTF-8', Note::objection("\xff", ''));
  }

}
