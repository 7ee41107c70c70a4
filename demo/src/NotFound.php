<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite;

/**
 * There is no such thing (any more).
 */
final class NotFound extends \RuntimeException {}
