# SPDX-License-Identifier: Apache-2.0
# Two targets do everything on a fresh Debian 12 machine: `make demo` and `make check`.
# FLAVOUR=release|debug|asan|tsan|cov picks build/FLAVOUR; V=1 shows the commands.

VERSION := 0.1.0
SOVERSION := 0
FLAVOUR ?= release
PREFIX ?= /usr/local
DESTDIR ?=
CC := $(if $(filter default,$(origin CC)),gcc,$(CC))
B := build/$(FLAVOUR)
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)")

# The build looks for its packages only once they are there; `packages` sees to that.
PACKAGES := lmdb libsodium msgpack jansson libcrypto
PKG_CFLAGS = $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)

WARNINGS := -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wcast-qual -Wwrite-strings \
  -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith -Wformat=2 -Wimplicit-fallthrough \
  -Wvla -Wundef -Wframe-larger-than=65536 -Werror
HARDENING := -fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
  -fno-strict-overflow -fno-delete-null-pointer-checks
FLAGS_release := -O2 -D_FORTIFY_SOURCE=2 $(HARDENING)
FLAGS_debug := -O0 -g
FLAGS_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FLAGS_tsan := -O1 -g -fsanitize=thread
FLAGS_cov := -O0 -g --coverage -DADDUCE_COVERAGE
CFLAGS_ALL = -std=gnu11 $(WARNINGS) $(FLAGS_$(FLAVOUR)) -fPIC -fvisibility=hidden -pthread \
  -ffile-prefix-map=$(CURDIR)=. -Wdate-time -Iinclude -Isrc $(PKG_CFLAGS) $(CFLAGS)
LDFLAGS_ALL = $(FLAGS_$(FLAVOUR)) -Wl,-z,relro,-z,now,-z,noexecstack -pthread $(LDFLAGS)

LIB_SOURCES := $(sort $(wildcard src/*/*.c))
CLI_SOURCES := $(sort $(wildcard tools/adduce/*.c))
UNIT_SOURCES := $(sort $(wildcard tests/*/*_test.c))
FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH_SOURCES := $(sort $(wildcard tests/bench/*.c))
TEST_SUPPORT := $(sort $(wildcard tests/support/*.c))
LIB_OBJECTS := $(LIB_SOURCES:%.c=$B/%.o)
CLI_OBJECTS := $(CLI_SOURCES:%.c=$B/%.o)
SUPPORT_OBJECTS := $(TEST_SUPPORT:%.c=$B/%.o)
UNIT_TESTS := $(UNIT_SOURCES:%.c=$B/%)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all packages demo check check-unit check-house check-asan check-cli check-fuzz bench \
  format install clean help

all: packages
	$Q$(MAKE) --no-print-directory $B/adduce $B/libadduce.a $B/libadduce.so

packages:
	$Qtools/check/packages

# --- the library ---------------------------------------------------------------------------
$B/%.o: %.c
	$(call say,CC      $<)
	$Qmkdir -p $(@D)
	$Q$(CC) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

# Only adduce_* leaves the static library: one relocatable object, its hidden symbols made local.
$B/libadduce.a: $(LIB_OBJECTS)
	$(call say,AR      $@)
	$Qrm -f $@
	$Qld -r -o $B/libadduce.o $(LIB_OBJECTS)
	$Qobjcopy --localize-hidden $B/libadduce.o
	$QZERO_AR_DATE=1 ar rcsD $@ $B/libadduce.o

$B/libadduce.so: $(LIB_OBJECTS)
	$(call say,LD      $@)
	$Q$(CC) $(LDFLAGS_ALL) -shared -Wl,-soname,libadduce.so.$(SOVERSION) -o $@ $(LIB_OBJECTS) $(PKG_LIBS)

# For the unit tests, which see the rooms from inside.
$B/libadduce-inside.a: $(LIB_OBJECTS)
	$Qrm -f $@
	$Qar rcsD $@ $(LIB_OBJECTS)

$B/adduce: $(CLI_OBJECTS) $B/libadduce.a
	$(call say,LD      $@)
	$Q$(CC) $(LDFLAGS_ALL) -pie -o $@ $(CLI_OBJECTS) $B/libadduce.a $(PKG_LIBS)

# --- tests ---------------------------------------------------------------------------------
$B/tests/%_test: $B/tests/%_test.o $(SUPPORT_OBJECTS) $B/libadduce-inside.a
	$(call say,LD      $@)
	$Q$(CC) $(LDFLAGS_ALL) -o $@ $< $(SUPPORT_OBJECTS) $B/libadduce-inside.a -lcmocka $(PKG_LIBS)

check: packages
	$Qtools/check/all

check-unit: $(UNIT_TESTS)
	$Qtools/check/units $(UNIT_TESTS)

clean:
	rm -rf build

-include $(shell find build -name '*.d' 2>/dev/null)
