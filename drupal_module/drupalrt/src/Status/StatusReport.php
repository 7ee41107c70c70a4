<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Status;

use Drupal\Core\Config\ConfigFactoryInterface;
use Drupal\Core\StringTranslation\StringTranslationTrait;
use Drupal\Core\StringTranslation\TranslatableMarkup;
use Drupal\Core\StringTranslation\TranslationInterface;
use Drupal\Core\Url;
use Drupal\drupalrt\Introduction\Introducer;
use Drupal\drupalrt\Introduction\SiteIdentity;
use Drupal\drupalrt\Introduction\WebFacts;
use Drupal\drupalrt\Link\Link;
use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Link\LinkStatus;
use Drupal\drupalrt\Site\SiteRegistry;

/**
 * Says what is wrong between the site, the broker and the browsers.
 *
 * Findings come in the order in which they have to be dealt with: where there
 * is no broker, nothing further is asked.
 */
final class StatusReport {

  use StringTranslationTrait;

  /**
   * @param \Drupal\drupalrt\Link\Link $link
   *   The line to the broker.
   * @param \Drupal\drupalrt\Site\SiteRegistry $registry
   *   The broker's list of sites.
   * @param \Drupal\drupalrt\Introduction\SiteIdentity $identity
   *   The site.
   * @param \Drupal\drupalrt\Introduction\Introducer $introducer
   *   Knows what the broker was told.
   * @param \Drupal\drupalrt\Introduction\WebFacts $webFacts
   *   The page's scheme and host.
   * @param \Drupal\Core\Config\ConfigFactoryInterface $configFactory
   *   The module's settings.
   * @param \Drupal\Core\StringTranslation\TranslationInterface $stringTranslation
   *   Translates.
   */
  public function __construct(
    private readonly Link $link,
    private readonly SiteRegistry $registry,
    private readonly SiteIdentity $identity,
    private readonly Introducer $introducer,
    private readonly WebFacts $webFacts,
    private readonly ConfigFactoryInterface $configFactory,
    TranslationInterface $stringTranslation,
  ) {
    $this->setStringTranslation($stringTranslation);
  }

  /**
   * The row of the status report.
   *
   * @return array<string, mixed>
   *   As hook_requirements() has it.
   */
  public function row(): array {
    $status = $this->link->status();
    $findings = $this->findings($status);
    $row = ['title' => $this->t('Real-time push')];
    if ($findings === []) {
      return $row + [
        'value' => $this->t('Connected to drupalrtd @version as @key', [
          '@version' => $status->detail('broker_version'),
          '@key' => $this->identity->key(),
        ]),
        'description' => $this->t('Since PHP was started, @published events were handed over and @failed were lost.', [
          '@published' => $status->detail('published'),
          '@failed' => $status->detail('failed'),
        ]),
        'severity' => Severity::OK->ofDrupal(),
      ];
    }
    return $row + [
      'value' => $findings[0]->what,
      'severity' => Severity::Warning->ofDrupal(),
      'description' => count($findings) === 1
        ? $findings[0]->remedy
        : ['#theme' => 'item_list', '#items' => array_column($findings, 'remedy')],
    ];
  }

  /**
   * Everything that is wrong.
   *
   * @return list<\Drupal\drupalrt\Status\Finding>
   *   Empty: all is well.
   */
  public function findings(?LinkStatus $status = NULL): array {
    $status ??= $this->link->status();
    $line = $this->lineFinding($status);
    return array_values(array_filter($line !== NULL ? [$line] : [
      $this->registrationFinding(),
      $this->addressFinding(),
    ]));
  }

  private function lineFinding(LinkStatus $status): ?Finding {
    $socket = ['@socket' => $status->detail('socket'), '@error' => $status->detail('last_error')];
    return match ($status->state) {
      LinkStatus::CONNECTED => NULL,
      LinkStatus::NO_EXTENSION => $this->finding(
        $this->t('The PHP extension is missing'),
        $this->t("The PHP extension drupalrt is not loaded, so nothing is pushed. Install it, add extension=drupalrt to the web server's php.ini, and restart PHP."),
      ),
      LinkStatus::NOT_PERMITTED => $this->finding(
        $this->t('The broker does not admit this PHP'),
        $this->t("The broker at @socket runs as another system user and does not admit the one that runs PHP. Add that user to the broker's socket_group, or run both as the same user. @error", $socket),
      ),
      LinkStatus::INCOMPATIBLE => $this->finding(
        $this->t('Extension and broker do not fit together'),
        $this->t('The PHP extension is @extension, the broker @broker. Restart the one that was updated last. @error', $socket + [
          '@extension' => $status->detail('version'),
          '@broker' => $status->detail('broker_version'),
        ]),
      ),
      LinkStatus::NOT_ANSWERING => $this->finding(
        $this->t('The broker does not answer'),
        $this->t('Something listens at @socket and does not answer in time. Look into its log, and restart it: drupalrtd restart. @error', $socket),
      ),
      default => $this->finding(
        $this->t('There is no broker'),
        $this->t('Nothing listens at @socket. Start the broker (systemctl start drupalrtd), or let the extension do so (drupalrt.autostart=1). @error', $socket),
      ),
    };
  }

  private function registrationFinding(): ?Finding {
    try {
      $registration = $this->registry->find($this->identity->key());
    }
    catch (LinkError $error) {
      return $this->finding(
        $this->t('The broker does not answer'),
        $this->t('The broker was asked for its sites and said: @error', ['@error' => $error->getMessage()]),
      );
    }
    $link = [':settings' => Url::fromRoute('drupalrt.settings')->toString()];
    $problem = $this->introducer->problem();
    if ($registration === NULL) {
      return $this->finding(
        $this->t('The broker does not know this site'),
        $this->t('Introduce it by saving the <a href=":settings">settings</a>. @problem', $link + ['@problem' => $problem]),
      );
    }
    if ($problem !== '' || !$this->introducer->isCurrent()) {
      return $this->finding(
        $this->t('The broker knows an older state of this site'),
        $this->t('Introduce it anew by saving the <a href=":settings">settings</a>. @problem', $link + ['@problem' => $problem]),
      );
    }
    return NULL;
  }

  /**
   * Can the browser on this page reach the broker's address?
   */
  private function addressFinding(): ?Finding {
    $request = $this->webFacts->request();
    $url = (string) $this->configFactory->get('drupalrt.settings')->get('url');
    if ($request === NULL || str_starts_with($url, '/')) {
      return NULL;
    }
    $link = [':settings' => Url::fromRoute('drupalrt.settings')->toString()];
    $insecure = $url === '' || preg_match('#^(http|ws)://(?!localhost\b|127\.|\[::1\])#', $url) === 1;
    if ($request->isSecure() && $insecure) {
      return $this->finding(
        $this->t('This https page cannot reach the broker'),
        $this->t("Browsers open no unencrypted connection from an https page. Let the web server pass a path to the broker (the module's README has the lines) and enter it in the <a href=\":settings\">settings</a>, such as /drupalrt.", $link),
      );
    }
    if ($url === '' && preg_match('/^(localhost|127\.[\d.]+|\[::1\])$/', $request->getHost()) !== 1) {
      return $this->finding(
        $this->t('Browsers elsewhere cannot reach the broker'),
        $this->t("As it is, the broker listens on this machine only. Let the web server pass a path to it (the module's README has the lines) and enter it in the <a href=\":settings\">settings</a>, such as /drupalrt.", $link),
      );
    }
    return NULL;
  }

  private function finding(TranslatableMarkup $what, TranslatableMarkup $remedy): Finding {
    return new Finding($what, $remedy);
  }

}
