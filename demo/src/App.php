<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite;

use Drupalrt\SampleSite\Page\ChatPage;
use Drupalrt\SampleSite\Page\HomePage;
use Drupalrt\SampleSite\Page\LinePages;
use Drupalrt\SampleSite\Page\NotesPages;
use Drupalrt\SampleSite\Page\OperatorPage;
use Drupalrt\SampleSite\Page\PeoplePages;
use Drupalrt\SampleSite\Page\Refused;
use Drupalrt\SampleSite\Page\SignInPages;
use Drupalrt\SampleSite\Page\Visit;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\Routing\Exception\MethodNotAllowedException;
use Symfony\Component\Routing\Exception\ResourceNotFoundException;
use Symfony\Component\Routing\Matcher\UrlMatcher;
use Symfony\Component\Routing\RequestContext;
use Symfony\Component\Routing\Route;
use Symfony\Component\Routing\RouteCollection;

/**
 * A request to a response: session, account, route, form token, page.
 */
final class App {

  /**
   * Method, path, page class and its method. Every POST wants a form token.
   */
  private const ROUTES = [
    ['GET', '/', HomePage::class, 'show'],
    ['GET', '/notes', NotesPages::class, 'show'],
    ['GET', '/notes.json', NotesPages::class, 'data'],
    ['POST', '/notes', NotesPages::class, 'save'],
    ['GET', '/notes/{id<\d{1,9}>}', NotesPages::class, 'edit'],
    ['POST', '/notes/{id<\d{1,9}>}', NotesPages::class, 'update'],
    ['POST', '/notes/{id<\d{1,9}>}/delete', NotesPages::class, 'delete'],
    ['GET', '/chat', ChatPage::class, 'show'],
    ['GET', '/line', LinePages::class, 'show'],
    ['GET', '/line.json', LinePages::class, 'data'],
    ['POST', '/line/join', LinePages::class, 'join'],
    ['POST', '/line/leave', LinePages::class, 'leave'],
    ['POST', '/line/next', LinePages::class, 'next'],
    ['GET', '/login', SignInPages::class, 'form'],
    ['POST', '/login', SignInPages::class, 'signIn'],
    ['POST', '/logout', SignInPages::class, 'signOut'],
    ['GET', '/operator', OperatorPage::class, 'show'],
    ['GET', '/people', PeoplePages::class, 'show'],
    ['POST', '/people/{uid<\d{1,9}>}', PeoplePages::class, 'save'],
    ['POST', '/people/{uid<\d{1,9}>}/sign-out', PeoplePages::class, 'signOut'],
  ];

  public function __construct(private readonly Services $services) {}

  public function handle(Request $request): Response {
    $session = $this->services->session;
    $session->resume($request);
    $account = $this->services->accounts->load($session->uid());
    $this->services->site->introduceOnce();
    $visit = new Visit($request, $session, $account);
    try {
      $response = $this->dispatch($visit);
    }
    catch (ResourceNotFoundException) {
      $response = $this->error($visit, 404, 'There is no such page.');
    }
    catch (NotFound $e) {
      $response = $this->error($visit, 404, $e->getMessage());
    }
    catch (MethodNotAllowedException $e) {
      $response = $this->error($visit, 405, 'This address takes no such request.');
      $response->headers->set('Allow', implode(', ', $e->getAllowedMethods()));
    }
    catch (Refused $e) {
      $response = $this->error($visit, 403, $e->getMessage());
    }
    // The row is there before the browser can connect with its cookie.
    $session->save();
    return $response;
  }

  private function dispatch(Visit $visit): Response {
    $request = $visit->request;
    $matcher = new UrlMatcher(self::routes(), (new RequestContext())->fromRequest($request));
    $params = $matcher->match($request->getPathInfo());
    [$class, $method] = $params['_page'];
    if ($request->isMethod('POST') && !$visit->session->accepts($params['_form'], $visit->field('token'))) {
      throw new Refused('The form is out of date. Load its page again, and send it once more.');
    }
    $params = array_filter($params, static fn (string $key): bool => $key[0] !== '_', ARRAY_FILTER_USE_KEY);
    return $this->services->page($class)->$method(new Visit($request, $visit->session, $visit->account, $params));
  }

  private static function routes(): RouteCollection {
    $routes = new RouteCollection();
    foreach (self::ROUTES as [$verb, $path, $class, $method]) {
      // One token per area: `notes`, `line`, `login`, `logout`, `people`.
      $form = explode('/', trim($path, '/'))[0];
      $routes->add("$verb $path", new Route($path, ['_page' => [$class, $method], '_form' => $form], methods: [$verb]));
    }
    return $routes;
  }

  private function error(Visit $visit, int $status, string $message): Response {
    return $visit->wantsJson()
      ? new JsonResponse(['error' => $message], $status)
      : $this->services->renderer->page($visit, 'error', ['message' => $message, 'status' => $status], $status);
  }

}
