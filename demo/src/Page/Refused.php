<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Page;

/**
 * The visitor may not have this page, or the form came from elsewhere.
 */
final class Refused extends \RuntimeException {}
