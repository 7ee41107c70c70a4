/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 0ec47cccdc2fc7de22e3d84ed5dbd52b83d1ef45 */

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_drupalrt_publish, 0, 2, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, channel, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, data, IS_MIXED, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_drupalrt_broadcast, 0, 2, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, channels, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, data, IS_MIXED, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_drupalrt_publish_confirmed, 0, 2, Drupalrt\\Receipt, 0)
	ZEND_ARG_TYPE_INFO(0, channel, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, data, IS_MIXED, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_drupalrt_presence, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, channel, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

#define arginfo_drupalrt_presence_stats arginfo_drupalrt_presence

#define arginfo_drupalrt_history arginfo_drupalrt_presence

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_drupalrt_channels, 0, 0, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, pattern, IS_STRING, 0, "\'\'")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_drupalrt_subscribe, 0, 2, IS_VOID, 0)
	ZEND_ARG_TYPE_MASK(0, user, MAY_BE_STRING|MAY_BE_LONG, NULL)
	ZEND_ARG_TYPE_INFO(0, channel, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

#define arginfo_drupalrt_unsubscribe arginfo_drupalrt_subscribe

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_drupalrt_disconnect, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_MASK(0, user, MAY_BE_STRING|MAY_BE_LONG, NULL)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_drupalrt_token, 0, 1, IS_STRING, 0)
	ZEND_ARG_TYPE_MASK(0, user, MAY_BE_STRING|MAY_BE_LONG, NULL)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_drupalrt_call, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, method, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, params, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_drupalrt_site, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, key, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, secret, IS_STRING, 0, "\'\'")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_drupalrt_status, 0, 0, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Drupalrt_Receipt___construct, 0, 0, 3)
	ZEND_ARG_TYPE_INFO(0, offset, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, epoch, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, receivers, IS_LONG, 0)
ZEND_END_ARG_INFO()


ZEND_FUNCTION(drupalrt_publish);
ZEND_FUNCTION(drupalrt_broadcast);
ZEND_FUNCTION(drupalrt_publish_confirmed);
ZEND_FUNCTION(drupalrt_presence);
ZEND_FUNCTION(drupalrt_presence_stats);
ZEND_FUNCTION(drupalrt_history);
ZEND_FUNCTION(drupalrt_channels);
ZEND_FUNCTION(drupalrt_subscribe);
ZEND_FUNCTION(drupalrt_unsubscribe);
ZEND_FUNCTION(drupalrt_disconnect);
ZEND_FUNCTION(drupalrt_token);
ZEND_FUNCTION(drupalrt_call);
ZEND_FUNCTION(drupalrt_site);
ZEND_FUNCTION(drupalrt_status);
ZEND_METHOD(Drupalrt_Receipt, __construct);


static const zend_function_entry ext_functions[] = {
	ZEND_FE(drupalrt_publish, arginfo_drupalrt_publish)
	ZEND_FE(drupalrt_broadcast, arginfo_drupalrt_broadcast)
	ZEND_FE(drupalrt_publish_confirmed, arginfo_drupalrt_publish_confirmed)
	ZEND_FE(drupalrt_presence, arginfo_drupalrt_presence)
	ZEND_FE(drupalrt_presence_stats, arginfo_drupalrt_presence_stats)
	ZEND_FE(drupalrt_history, arginfo_drupalrt_history)
	ZEND_FE(drupalrt_channels, arginfo_drupalrt_channels)
	ZEND_FE(drupalrt_subscribe, arginfo_drupalrt_subscribe)
	ZEND_FE(drupalrt_unsubscribe, arginfo_drupalrt_unsubscribe)
	ZEND_FE(drupalrt_disconnect, arginfo_drupalrt_disconnect)
	ZEND_FE(drupalrt_token, arginfo_drupalrt_token)
	ZEND_FE(drupalrt_call, arginfo_drupalrt_call)
	ZEND_FE(drupalrt_site, arginfo_drupalrt_site)
	ZEND_FE(drupalrt_status, arginfo_drupalrt_status)
	ZEND_FE_END
};


static const zend_function_entry class_Drupalrt_Exception_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Drupalrt_Receipt_methods[] = {
	ZEND_ME(Drupalrt_Receipt, __construct, arginfo_class_Drupalrt_Receipt___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static void register_drupalrt_symbols(int module_number)
{

#if (PHP_VERSION_ID >= 80200)
	zend_add_parameter_attribute(zend_hash_str_find_ptr(CG(function_table), "drupalrt_publish", sizeof("drupalrt_publish") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(CG(function_table), "drupalrt_broadcast", sizeof("drupalrt_broadcast") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(CG(function_table), "drupalrt_publish_confirmed", sizeof("drupalrt_publish_confirmed") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(CG(function_table), "drupalrt_call", sizeof("drupalrt_call") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(CG(function_table), "drupalrt_site", sizeof("drupalrt_site") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
#endif
}

static zend_class_entry *register_class_Drupalrt_Exception(zend_class_entry *class_entry_RuntimeException)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Drupalrt", "Exception", class_Drupalrt_Exception_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_RuntimeException);

	return class_entry;
}

static zend_class_entry *register_class_Drupalrt_Receipt(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Drupalrt", "Receipt", class_Drupalrt_Receipt_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL;

	zval property_offset_default_value;
	ZVAL_UNDEF(&property_offset_default_value);
	zend_string *property_offset_name = zend_string_init("offset", sizeof("offset") - 1, 1);
	zend_declare_typed_property(class_entry, property_offset_name, &property_offset_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_offset_name);

	zval property_epoch_default_value;
	ZVAL_UNDEF(&property_epoch_default_value);
	zend_string *property_epoch_name = zend_string_init("epoch", sizeof("epoch") - 1, 1);
	zend_declare_typed_property(class_entry, property_epoch_name, &property_epoch_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_epoch_name);

	zval property_receivers_default_value;
	ZVAL_UNDEF(&property_receivers_default_value);
	zend_string *property_receivers_name = zend_string_init("receivers", sizeof("receivers") - 1, 1);
	zend_declare_typed_property(class_entry, property_receivers_name, &property_receivers_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_receivers_name);

	return class_entry;
}
