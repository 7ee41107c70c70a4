<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Link;

/**
 * The broker could not be asked, or said no. The code is the protocol's.
 */
final class LinkError extends \RuntimeException {}
