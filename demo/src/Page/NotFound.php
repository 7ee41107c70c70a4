<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Page;

/**
 * There is no such thing (any more).
 */
final class NotFound extends \RuntimeException {}
