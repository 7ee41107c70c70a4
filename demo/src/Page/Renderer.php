<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Page;

use Drupalrt\SampleSite\Install;
use Drupalrt\SampleSite\Settings;
use Symfony\Component\HttpFoundation\Response;
use Twig\Environment;
use Twig\Loader\FilesystemLoader;
use Twig\TwigFunction;

/**
 * Templates to pages, with what every page needs: the menu and the settings of
 * the browser client.
 */
final class Renderer {

  private readonly Environment $twig;

  public function __construct(private readonly Settings $settings) {
    $root = dirname(__DIR__, 2);
    $this->twig = new Environment(new FilesystemLoader("$root/templates"), [
      'strict_variables' => TRUE,
      'cache' => "{$settings->stateDir}/twig",
      'auto_reload' => TRUE,
    ]);
    // A changed file gets another address, an unchanged one stays in the cache.
    $this->twig->addFunction(new TwigFunction('asset', static fn (string $name): string => "/$name?" . substr(hash_file('sha256', "$root/web/$name") ?: '', 0, 8)));
    $this->twig->addFunction(new TwigFunction('client', static fn (): string => '/drupalrt.js?' . (@filemtime($settings->clientScript) ?: 0)));
  }

  /**
   * @param array<string, mixed> $variables
   */
  public function page(Visit $visit, string $template, array $variables = [], int $status = 200): Response {
    $html = $this->twig->render("$template.html.twig", $variables + [
      'account' => $visit->account,
      'path' => $visit->request->getPathInfo(),
      'accounts' => Install::ACCOUNTS,
      'password' => $this->settings->password,
      'session' => $visit->session,
      'logout_token' => $visit->account->isLoggedIn() ? $visit->session->token('logout') : '',
      'drupal_settings' => $this->clientSettings($visit),
    ]);
    return new Response($html, $status, [
      'Content-Type' => 'text/html; charset=UTF-8',
      'Cache-Control' => 'private, no-store',
      'Content-Security-Policy' => $this->policy($visit),
      'Referrer-Policy' => 'same-origin',
      'X-Content-Type-Options' => 'nosniff',
    ]);
  }

  /**
   * What the scripts read from `drupalSettings`, in the place where Drupal has it.
   *
   * @return array<string, mixed>
   */
  private function clientSettings(Visit $visit): array {
    return [
      'drupalrt' => ['url' => $this->brokerUrl($visit)],
      'user' => ['uid' => $visit->account->uid],
      'sample' => [
        'name' => $visit->account->name,
        'editAny' => $visit->account->may('edit any note content'),
        'editOwn' => $visit->account->may('edit own note content'),
        'mayChat' => $visit->account->may('post comments'),
        'mayServe' => $visit->account->may('serve waiting line'),
      ],
    ];
  }

  /**
   * The broker under the name by which the visitor reached the site.
   *
   * A cookie of `localhost` is not sent to 127.0.0.1, and the other way round.
   */
  private function brokerUrl(Visit $visit): string {
    $url = $this->settings->brokerUrl;
    $host = (string) parse_url($url, PHP_URL_HOST);
    $asked = $visit->request->getHost();
    $local = ['127.0.0.1', 'localhost'];
    return in_array($host, $local, TRUE) && in_array($asked, $local, TRUE)
      ? str_replace("//$host", "//$asked", $url)
      : $url;
  }

  private function policy(Visit $visit): string {
    $http = $this->brokerUrl($visit);
    $ws = (string) preg_replace('/^http/', 'ws', $http);
    return "default-src 'self'; img-src 'self' data:; connect-src 'self' $http $ws; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
  }

}
