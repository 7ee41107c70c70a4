<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Site;

/**
 * Facts from which no site document can be made; the message says which.
 */
final class InvalidSite extends \InvalidArgumentException {}
