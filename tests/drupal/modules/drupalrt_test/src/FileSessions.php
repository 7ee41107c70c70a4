<?php

declare(strict_types=1);

namespace Drupal\drupalrt_test;

use Drupal\Component\Utility\Crypt;
use Symfony\Component\HttpFoundation\Session\Storage\Handler\AbstractSessionHandler;

/**
 * Keeps sessions where no broker looks for them: in files.
 */
final class FileSessions extends AbstractSessionHandler {

  private const FOLDER = 'sites/default/files/sessions';

  public function __construct(private readonly string $root) {}

  /**
   * {@inheritdoc}
   */
  public function close(): bool {
    return TRUE;
  }

  /**
   * {@inheritdoc}
   */
  public function gc(int $max_lifetime): int|false {
    return 0;
  }

  /**
   * {@inheritdoc}
   */
  public function updateTimestamp(string $id, string $data): bool {
    return TRUE;
  }

  /**
   * {@inheritdoc}
   */
  protected function doRead(#[\SensitiveParameter] string $sessionId): string {
    $file = $this->file($sessionId);
    return is_file($file) ? (string) file_get_contents($file) : '';
  }

  /**
   * {@inheritdoc}
   */
  protected function doWrite(#[\SensitiveParameter] string $sessionId, string $data): bool {
    if (!is_dir(dirname($this->file($sessionId)))) {
      mkdir(dirname($this->file($sessionId)), 0700);
    }
    return file_put_contents($this->file($sessionId), $data, LOCK_EX) !== FALSE;
  }

  /**
   * {@inheritdoc}
   */
  protected function doDestroy(#[\SensitiveParameter] string $sessionId): bool {
    return !is_file($this->file($sessionId)) || unlink($this->file($sessionId));
  }

  private function file(string $id): string {
    return "$this->root/" . self::FOLDER . '/' . Crypt::hashBase64($id);
  }

}
