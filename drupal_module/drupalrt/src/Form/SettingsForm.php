<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Form;

use Drupal\Core\Config\ConfigFactoryInterface;
use Drupal\Core\Config\TypedConfigManagerInterface;
use Drupal\Core\Form\ConfigFormBase;
use Drupal\Core\Form\ConfigTarget;
use Drupal\Core\Form\FormStateInterface;
use Drupal\drupalrt\Introduction\Introducer;
use Drupal\drupalrt\Introduction\SiteIdentity;
use Drupal\drupalrt\Introduction\WebFacts;
use Symfony\Component\DependencyInjection\ContainerInterface;

/**
 * Where browsers find the broker, and by what the broker knows the site.
 *
 * Saving introduces the site to the broker, also where nothing was changed.
 */
final class SettingsForm extends ConfigFormBase {

  public function __construct(
    ConfigFactoryInterface $configFactory,
    TypedConfigManagerInterface $typedConfigManager,
    private readonly Introducer $introducer,
    private readonly SiteIdentity $identity,
    private readonly WebFacts $webFacts,
  ) {
    parent::__construct($configFactory, $typedConfigManager);
  }

  /**
   * {@inheritdoc}
   */
  public static function create(ContainerInterface $container): static {
    return new static(
      $container->get('config.factory'),
      $container->get('config.typed'),
      $container->get(Introducer::class),
      $container->get(SiteIdentity::class),
      $container->get(WebFacts::class),
    );
  }

  /**
   * {@inheritdoc}
   */
  public function getFormId(): string {
    return 'drupalrt_settings';
  }

  /**
   * {@inheritdoc}
   *
   * @return list<string>
   *   The module's settings.
   */
  protected function getEditableConfigNames(): array {
    return ['drupalrt.settings'];
  }

  /**
   * {@inheritdoc}
   *
   * @param array<string, mixed> $form
   *   The form.
   * @param \Drupal\Core\Form\FormStateInterface $form_state
   *   Its state.
   *
   * @return array<string, mixed>
   *   The form.
   */
  public function buildForm(array $form, FormStateInterface $form_state): array {
    $form['url'] = [
      '#type' => 'textfield',
      '#title' => $this->t('Address of the broker'),
      '#description' => $this->t('Where browsers find it: a path of this site that the web server passes on, such as /drupalrt, or an address such as https://example.com/drupalrt. Empty: the host of the page, port 8000.'),
      '#config_target' => 'drupalrt.settings:url',
    ];
    $form['hosts'] = [
      '#type' => 'textarea',
      '#title' => $this->t('Hosts'),
      '#description' => $this->t('Under which the site is reached, one a line, with the port where there is one; the main one first. The one that administrators use is known without: @host', ['@host' => $this->webFacts->host()]),
      '#rows' => 3,
      '#config_target' => new ConfigTarget('drupalrt.settings', 'hosts', [self::class, 'hostsToText'], [self::class, 'textToHosts']),
    ];
    $form['anonymous'] = [
      '#type' => 'checkbox',
      '#title' => $this->t('Visitors who are not logged in may connect'),
      '#config_target' => 'drupalrt.settings:anonymous',
    ];
    $form['key'] = [
      '#type' => 'textfield',
      '#title' => $this->t('Name of the site with the broker'),
      '#description' => $this->t('Empty: @key. A copy of the site on the same machine needs one of its own.', ['@key' => $this->identity->derivedKey()]),
      '#maxlength' => 64,
      '#config_target' => 'drupalrt.settings:key',
    ];
    return parent::buildForm($form, $form_state);
  }

  /**
   * {@inheritdoc}
   *
   * @param array<string, mixed> $form
   *   The form.
   * @param \Drupal\Core\Form\FormStateInterface $form_state
   *   Its state.
   */
  public function submitForm(array &$form, FormStateInterface $form_state): void {
    $before = $this->identity->key();
    parent::submitForm($form, $form_state);
    if ($this->identity->key() !== $before) {
      $this->introducer->withdraw($before);
    }
    $this->introduce();
  }

  /**
   * Lines of text out of the configured list.
   *
   * @param list<string>|null $hosts
   *   The list.
   */
  public static function hostsToText(?array $hosts): string {
    return implode("\n", $hosts ?? []);
  }

  /**
   * The list out of lines of text.
   *
   * @return list<string>
   *   Without empty lines.
   */
  public static function textToHosts(string $text): array {
    $lines = array_map(static fn (string $line): string => strtolower(trim($line)), preg_split('/\R/', $text) ?: []);
    return array_values(array_unique(array_filter($lines, static fn (string $line): bool => $line !== '')));
  }

  private function introduce(): void {
    $outcome = $this->introducer->introduce();
    if (!$outcome->isRegistered()) {
      $this->messenger()->addWarning($this->t('The broker could not be told of the site: @problem', ['@problem' => $outcome->problem]));
    }
    elseif ($outcome->registration?->nativeLogin === FALSE) {
      $this->messenger()->addWarning($this->t("The broker knows the site, but cannot read its sessions: @reason", ['@reason' => $outcome->registration->reason]));
    }
    else {
      $this->messenger()->addStatus($this->t('The broker knows the site.'));
    }
  }

}
