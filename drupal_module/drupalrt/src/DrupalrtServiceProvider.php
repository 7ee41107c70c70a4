<?php

declare(strict_types=1);

namespace Drupal\drupalrt;

use Drupal\Core\DependencyInjection\ContainerBuilder;
use Drupal\Core\DependencyInjection\ServiceModifierInterface;
use Drupal\drupalrt\Introduction\EffectiveRoles;
use Symfony\Component\DependencyInjection\Reference;

/**
 * Notes what only the container knows of the site's permissions and sessions.
 */
final class DrupalrtServiceProvider implements ServiceModifierInterface {

  /**
   * The policies of core, which the broker knows.
   */
  private const CORE_POLICIES = ['access_policy.super_user', 'access_policy.user_roles'];

  /**
   * What core puts before the store of sessions, which changes nothing.
   */
  private const CORE_PROXIES = ['session_handler.write_safe', 'session_handler.write_check'];

  /**
   * {@inheritdoc}
   */
  public function alter(ContainerBuilder $container): void {
    $policies = array_keys($container->findTaggedServiceIds('access_policy'));
    $foreign = array_values(array_diff($policies, self::CORE_POLICIES));
    $container->setParameter('drupalrt.foreign_access_policies', $foreign);
    $container->getDefinition(EffectiveRoles::class)->setArgument('$policies', array_map(static fn (string $id): Reference => new Reference($id), $foreign));
    $proxies = array_keys($container->findTaggedServiceIds('session_handler_proxy'));
    $container->setParameter('drupalrt.foreign_session_proxies', array_values(array_diff($proxies, self::CORE_PROXIES)));
    if ($container->hasParameter('security.enable_super_user')) {
      $container->setParameter('drupalrt.super_user', $container->getParameter('security.enable_super_user') !== FALSE);
    }
  }

}
