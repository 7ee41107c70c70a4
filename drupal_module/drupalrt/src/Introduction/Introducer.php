<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Introduction;

use Drupal\Component\Datetime\TimeInterface;
use Drupal\Core\Cache\CacheTagsInvalidatorInterface;
use Drupal\Core\State\StateInterface;
use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Site\SiteDocument;
use Drupal\drupalrt\Site\SiteDocumentCompiler;
use Drupal\drupalrt\Site\SiteRegistry;
use Psr\Log\LoggerInterface;

/**
 * Introduces the site to the broker, and removes it again.
 *
 * Never throws: what is in the way is remembered for the status report, and
 * tried again (see isPending()).
 */
final class Introducer {

  /**
   * What came of the last attempt: fingerprint, problem, time, native_login.
   */
  private const STATE = 'drupalrt.introduction';

  public function __construct(
    private readonly SiteFactsCollector $collector,
    private readonly SiteDocumentCompiler $compiler,
    private readonly SiteRegistry $registry,
    private readonly SiteIdentity $identity,
    private readonly WebFacts $webFacts,
    private readonly StateInterface $state,
    private readonly TimeInterface $time,
    private readonly CacheTagsInvalidatorInterface $cacheTagsInvalidator,
    private readonly LoggerInterface $logger,
  ) {}

  /**
   * Tells the broker what the site is now.
   */
  public function introduce(): Outcome {
    $this->webFacts->learn();
    $problem = $this->obstacle();
    if ($problem !== '') {
      return $this->failed($problem, FALSE);
    }
    try {
      $document = $this->document();
      $registration = $this->registry->introduce($document);
    }
    catch (\Exception $error) {
      // A file that is no YAML, a database in the middle of an update: nothing
      // of that may break what the site was doing.
      return $this->failed($error->getMessage(), TRUE);
    }
    $this->remember($document->fingerprint(), '', $registration->nativeLogin);
    return Outcome::registered($registration);
  }

  /**
   * The same, unless the broker was told exactly this already.
   */
  public function introduceIfChanged(): void {
    if (!$this->isCurrent()) {
      $this->introduce();
    }
  }

  /**
   * Whether the broker was told what the site is now.
   */
  public function isCurrent(): bool {
    try {
      return ($this->remembered()['fingerprint'] ?? '') === $this->document()->fingerprint();
    }
    catch (\Exception) {
      return FALSE;
    }
  }

  /**
   * What was in the way last time; empty: nothing.
   */
  public function problem(): string {
    return $this->remembered()['problem'] ?? '';
  }

  /**
   * Whether the last attempt failed, and when it was.
   *
   * @param int $patience
   *   Failed attempts younger than that many seconds do not count.
   */
  public function isPending(int $patience = 0): bool {
    $last = $this->remembered();
    return ($last['problem'] ?? '') !== '' && ($last['time'] ?? 0) + $patience <= $this->time->getCurrentTime();
  }

  /**
   * Whether browsers need a token to say who they are, because the broker
   * cannot read the site's sessions.
   */
  public function needsTokens(): bool {
    return ($this->remembered()['native_login'] ?? TRUE) === FALSE;
  }

  /**
   * The document as it would be sent now.
   *
   * @throws \Exception
   *   If none can be made; the message says why.
   */
  public function document(): SiteDocument {
    return $this->compiler->compile($this->collector->collect());
  }

  /**
   * Has the broker forget the site under a key that it has no more.
   */
  public function withdraw(string $key): void {
    try {
      $this->registry->remove($key, $this->identity->secret());
    }
    catch (LinkError $error) {
      if (($this->remembered()['fingerprint'] ?? '') !== '') {
        $this->logger->warning('The broker could not be told to forget the site "@key": @message', [
          '@key' => $key,
          '@message' => $error->getMessage(),
        ]);
      }
    }
  }

  /**
   * Has the broker forget the site, and forgets its credentials here.
   */
  public function remove(): void {
    $this->withdraw($this->identity->key());
    $this->identity->forget();
    $this->webFacts->forget();
    $this->state->delete(self::STATE);
  }

  /**
   * Why a site cannot be introduced from this process; empty: it can.
   *
   * The broker keeps sites by system user. One that the command line's user
   * registered could not be published to by the web server's.
   */
  private function obstacle(): string {
    $user = WebFacts::systemUser();
    $webUser = $this->webFacts->webUser();
    if (WebFacts::isWeb() || ($webUser !== NULL && $webUser === $user)) {
      return '';
    }
    if ($webUser !== NULL) {
      return "The site has to be introduced by the system user who runs it (user id $webUser), and this is another one (user id $user).";
    }
    return $user === 0 ? 'The site has to be introduced by the system user who runs it, and nobody has said yet who that is.' : '';
  }

  private function failed(string $problem, bool $log): Outcome {
    if ($log && $problem !== $this->problem()) {
      $this->logger->warning('The site could not be introduced to the broker: @message', ['@message' => $problem]);
    }
    $this->remember($this->remembered()['fingerprint'] ?? '', $problem, !$this->needsTokens());
    return Outcome::failed($problem);
  }

  private function remember(string $fingerprint, string $problem, bool $nativeLogin): void {
    if ($nativeLogin === $this->needsTokens()) {
      // Pages say whether to fetch a token, also those in the caches.
      $this->cacheTagsInvalidator->invalidateTags(['rendered']);
    }
    $this->state->set(self::STATE, [
      'fingerprint' => $fingerprint,
      'problem' => $problem,
      'time' => $this->time->getCurrentTime(),
      'native_login' => $nativeLogin,
    ]);
  }

  /**
   * @return array{fingerprint?: string, problem?: string, time?: int, native_login?: bool}
   *   What came of the last attempt.
   */
  private function remembered(): array {
    return (array) $this->state->get(self::STATE, []);
  }

}
