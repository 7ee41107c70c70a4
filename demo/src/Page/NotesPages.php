<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Page;

use Drupalrt\SampleSite\NotFound;
use Drupalrt\SampleSite\Notes\Note;
use Drupalrt\SampleSite\Notes\Notes;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\RedirectResponse;
use Symfony\Component\HttpFoundation\Response;

/**
 * The live list of notes and its forms, which work without a script as well.
 */
final class NotesPages {

  public function __construct(
    private readonly Renderer $renderer,
    private readonly Notes $notes,
  ) {}

  public function show(Visit $visit): Response {
    return $this->list($visit);
  }

  /**
   * The list as data, for a page that cannot know what it missed.
   */
  public function data(Visit $visit): Response {
    return new JsonResponse($this->notes->snapshot(), 200, ['Cache-Control' => 'private, no-store']);
  }

  public function save(Visit $visit): Response {
    $visit->mustBeAllowed('create note content');
    $objection = Note::objection($visit->field('title'), $visit->field('body'));
    if ($objection !== '') {
      return $this->objection($visit, $objection);
    }
    return $this->done($visit, $this->notes->insert($visit->account, $visit->field('title'), $visit->field('body')));
  }

  public function edit(Visit $visit): Response {
    return $this->renderer->page($visit, 'note', [
      'note' => $this->editable($visit),
      'error' => '',
    ]);
  }

  public function update(Visit $visit): Response {
    $note = $this->editable($visit);
    $objection = Note::objection($visit->field('title'), $visit->field('body'));
    if ($objection !== '') {
      return $visit->wantsJson()
        ? new JsonResponse(['error' => $objection], 422)
        : $this->renderer->page($visit, 'note', ['note' => $note, 'error' => $objection], 422);
    }
    return $this->done($visit, $this->notes->update($visit->account, $note, $visit->field('title'), $visit->field('body')));
  }

  public function delete(Visit $visit): Response {
    return $this->done($visit, $this->notes->delete($visit->account, $this->editable($visit)));
  }

  private function editable(Visit $visit): Note {
    $note = $this->notes->load((int) $visit->params['id'])
      ?? throw new NotFound('This note is gone.');
    if (!$this->notes->mayEdit($visit->account, $note)) {
      throw new Refused('This note is not yours to change.');
    }
    return $note;
  }

  /**
   * @param array<string, mixed> $event
   */
  private function done(Visit $visit, array $event): Response {
    return $visit->wantsJson() ? new JsonResponse($event) : new RedirectResponse('/notes', 303);
  }

  private function objection(Visit $visit, string $objection): Response {
    return $visit->wantsJson()
      ? new JsonResponse(['error' => $objection], 422)
      : $this->list($visit, $objection, 422);
  }

  private function list(Visit $visit, string $error = '', int $status = 200): Response {
    $snapshot = $this->notes->snapshot();
    $editable = array_filter($snapshot['notes'], fn (Note $note): bool => $this->notes->mayEdit($visit->account, $note));
    return $this->renderer->page($visit, 'notes', $snapshot + [
      'error' => $error,
      'title' => $error === '' ? '' : $visit->field('title'),
      'body' => $error === '' ? '' : $visit->field('body'),
      'editable' => array_map(static fn (Note $note): int => $note->id, array_values($editable)),
    ], $status);
  }

}
