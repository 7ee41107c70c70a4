# With --with-broker only: the broker is built and installed by CMake.

.PHONY: broker install-broker

broker:
	+$(CMAKE) --build out/build/broker --target drupalrtd

install-broker: broker
	$(if $(INSTALL_ROOT),DESTDIR=$(INSTALL_ROOT)) $(CMAKE) --install out/build/broker --component broker

all: broker
install: install-broker
