<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Link;

/**
 * The line to the broker on this machine, for everything that wants an answer.
 */
interface Link {

  /**
   * Calls one of the broker's methods and waits for its answer.
   *
   * @param string $method
   *   Such as "site" or "info".
   * @param array<string, mixed> $params
   *   Its parameters.
   *
   * @return array<string, mixed>
   *   Its answer.
   *
   * @throws \Drupal\drupalrt\Link\LinkError
   *   If there is no broker, or it refuses.
   */
  public function call(string $method, #[\SensitiveParameter] array $params = []): array;

  /**
   * How the line is: what drupalrt_status() says.
   */
  public function status(): LinkStatus;

}
