<?php

/**
 * @file
 * Says what PHP has in $_COOKIE: a line each of name and text, in base64.
 */

declare(strict_types=1);

foreach ($_COOKIE as $name => $value) {
  if (is_string($value)) {
    echo base64_encode((string) $name), ' :', base64_encode($value), "\n";
  }
}
