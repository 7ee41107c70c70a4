<?php

declare(strict_types=1);

namespace Drupal\golden_record\Controller;

use Drupal\Core\Controller\ControllerBase;
use Drupal\Core\Render\Markup;
use Drupal\golden_record\Suit;
use Drupal\user\Entity\Role;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;

/**
 * What the recorder asks for.
 */
final class GoldenController extends ControllerBase {

  /**
   * Who asks, and what they may do of all that there is.
   */
  public function ask(): JsonResponse {
    $account = \Drupal::currentUser();
    $asked = array_map('strval', array_keys(\Drupal::service('user.permissions')->getPermissions()));
    $asked[] = 'no such permission';
    sort($asked, SORT_STRING);
    return new JsonResponse([
      'asked' => $asked,
      'says' => [
        'uid' => (int) $account->id(),
        'name' => $account->getAccountName(),
        'roles' => array_values($account->getRoles()),
        'permissions' => array_values(array_filter($asked, $account->hasPermission(...))),
      ],
    ]);
  }

  /**
   * What every role grants: as it counts, and as it is stored.
   */
  public function roles(): JsonResponse {
    $map = static fn (array $roles): array => array_map(static fn (Role $role): array => [
      'admin' => (bool) $role->isAdmin(),
      'permissions' => $role->isAdmin() ? [] : array_values($role->getPermissions()),
    ], $roles);
    $storage = \Drupal::entityTypeManager()->getStorage('user_role');
    return new JsonResponse([
      'effective' => $map($storage->loadMultiple()),
      'stored' => $map($storage->loadMultipleOverrideFree()),
    ]);
  }

  /**
   * Puts something odd into the session.
   */
  public function session(Request $request, string $kind): JsonResponse {
    $session = $request->getSession();
    $list = ['x', NULL, TRUE, -7, 1e100, -0.0, NAN, PHP_INT_MIN];
    $list[] = &$list[0];
    $node = new \stdClass();
    $node->self = $node;
    $deep = NULL;
    for ($i = 0; $i < 300; $i++) {
      $deep = [$deep];
    }
    match ($kind) {
      'bytes' => $session->set('golden', "NUL\0 quote\" ; } uid|i:1; _sf2_attributes|a:0:{} \xff\xfe é🙂"),
      'large' => $session->set('golden', ['big' => str_repeat('x', 5000)]),
      'objects' => $session->set('golden', [Markup::create("<em>\0</em>"), $node, $node, new \ArrayObject([1.5])]),
      'references' => $session->set('golden', $list),
      'deep' => $session->set('golden', $deep),
      'enum' => $session->set('golden', [Suit::Hearts, Suit::Hearts, 'uid' => 1]),
      'time' => $session->set('golden', new \DateTimeImmutable('@0')),
      'number' => $session->set('uid', (int) $session->get('uid')),
      'message' => $this->messenger()->addWarning(Markup::create('A <b>"message"</b>; uid|s:1:"1";')),
      'variable' => $_SESSION['golden'] = ['uid' => '1'],
      'plain' => $session->set('golden', 'of nobody'),
    };
    return new JsonResponse($kind);
  }

  /**
   * Signs out.
   */
  public function logout(): JsonResponse {
    user_logout();
    return new JsonResponse('out');
  }

}
