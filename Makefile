# SPDX-License-Identifier: Apache-2.0
# Two targets do everything on a fresh Debian 12 machine: `make demo` and `make check`.
# FLAVOUR=release|debug|asan|tsan|cov|fuzz picks build/FLAVOUR; V=1 shows the commands.

VERSION := 0.1.0
SOVERSION := 0
FLAVOUR ?= release
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
DESTDIR ?=
WERROR ?= -Werror
B := build/$(FLAVOUR)
CC := $(if $(filter default,$(origin CC)),$(if $(filter fuzz,$(FLAVOUR)),clang,gcc),$(CC))
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)")
# What needs packages is built by a make that starts once they are there.
again = +$Q$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$$(nproc))

PACKAGES := lmdb libsodium msgpack jansson nettle
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)

WARNINGS := -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wcast-qual -Wwrite-strings \
  -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith -Wformat=2 -Wimplicit-fallthrough \
  -Wvla -Wundef -Wframe-larger-than=65536 -Wdate-time $(WERROR)
HARDENING := -fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
  -fno-strict-overflow -fno-delete-null-pointer-checks
FLAGS_release := -O2 -D_FORTIFY_SOURCE=2 $(HARDENING)
FLAGS_debug := -O0 -g
SANITIZED := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
FLAGS_asan := $(SANITIZED) -Wno-format-truncation
FLAGS_tsan := -O1 -g -fsanitize=thread
FLAGS_cov := -O0 -g --coverage
FLAGS_fuzz := $(SANITIZED) -fsanitize=fuzzer-no-link
CFLAGS_ALL := -std=gnu11 $(WARNINGS) $(FLAGS_$(FLAVOUR)) -fPIC -fvisibility=hidden -pthread \
  -ffile-prefix-map=$(CURDIR)=. -DADDUCE_VERSION=\"$(VERSION)\" -Iinclude -iquote src -iquote tests \
  $(PKG_CFLAGS) $(CFLAGS)
LDFLAGS_ALL := $(FLAGS_$(FLAVOUR)) -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed -pthread $(LDFLAGS)

objects = $(patsubst %.c,$B/%.o,$(sort $(wildcard $(1))))
programs = $(patsubst %.c,$B/%,$(sort $(wildcard $(1))))
LIB_OBJECTS := $(call objects,src/*/*.c)
CLI_OBJECTS := $(call objects,tools/adduce/*.c)
UNIT_TESTS := $(call programs,tests/*/*_test.c)
TEST_PROGRAMS := $(UNIT_TESTS) $(call programs,tests/*/*_driver.c)
FUZZ_PROGRAMS := $(call programs,tests/fuzz/fuzz_*.c)
MAN_PAGES := $(wildcard docs/man/*.[1-8])

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all packages demo check check-house check-unit check-asan check-tsan check-fuzz fuzz torture \
  digest-builds coverage bench bench-peers bench-growth counts-accept format install clean help programs FORCE

all: packages  ## the program and the library, in build/FLAVOUR
	$(again) $B/adduce $B/libadduce.a $B/libadduce.so

packages:  ## installs Debian packages that are missing
	$Qtools/check/packages

demo: packages  ## builds, makes a ledger of the seed case, shows, explains and verifies it
	$(again) $B/adduce
	$Qseeds/demo $B/adduce

# --- the library ---------------------------------------------------------------------------
# Written when the flags change, so that everything is built again.
$B/flags: FORCE
	@mkdir -p $B; echo '$(CC) $(CFLAGS_ALL)' | cmp -s - $@ || echo '$(CC) $(CFLAGS_ALL)' >$@

$B/%.o: %.c $B/flags
	$(call say,CC      $<)
	$Qmkdir -p $(@D)
	$Q$(CC) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

# Only adduce_* leaves the static library: one relocatable object, its hidden symbols made local.
$B/libadduce.a: $(LIB_OBJECTS)
	$(call say,AR      $@)
	$Qrm -f $@
	$Qld -r -o $B/libadduce.o $^
	$Qobjcopy --localize-hidden $B/libadduce.o
	$Qar rcsD $@ $B/libadduce.o

$B/libadduce.so: $(LIB_OBJECTS)
	$(call say,LD      $@)
	$Q$(CC) $(LDFLAGS_ALL) -shared -Wl,-soname,libadduce.so.$(SOVERSION),-z,defs -o $@ $^ $(PKG_LIBS)

# For the tests, which see the rooms from inside, and for flavours that cannot hide symbols.
$B/libadduce-inside.a: $(LIB_OBJECTS)
	$Qrm -f $@
	$Qar rcsD $@ $^

$B/adduce: $(CLI_OBJECTS) $B/libadduce$(if $(filter release debug,$(FLAVOUR)),,-inside).a
	$(call say,LD      $@)
	$Q$(CC) $(LDFLAGS_ALL) -pie -o $@ $^ $(PKG_LIBS)

# --- tests ---------------------------------------------------------------------------------
# An archive, so that a test takes only the support it uses.
$B/tests/support.a: $(call objects,tests/support/*.c)
	$Qmkdir -p $(@D)
	$Qrm -f $@
	$Qar rcsD $@ $^

$(TEST_PROGRAMS): $B/%: $B/%.o $B/tests/support.a $B/libadduce-inside.a
	$(call say,LD      $@)
	$Q$(CC) $(LDFLAGS_ALL) -o $@ $^ $(if $(filter %_test,$@),-lcmocka) $(PKG_LIBS)

# Loaded before a program, it makes calls of the system fail and writes down what is done to files.
LAB := $B/tests/fault/lab.so
$(LAB): $(call objects,tests/fault/lab_*.c)
	$(call say,LD      $@)
	$Q$(CC) $(filter-out -fsanitize%,$(LDFLAGS_ALL)) -shared -o $@ $^

$B/tests/bench/bench: $(call objects,tests/bench/*.c) $B/tests/support.a $B/libadduce-inside.a
	$(call say,LD      $@)
	$Q$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)

$B/tests/counts/counts_driver: $B/tests/bench/house.o $B/tests/bench/table.o
$B/tests/counts/counts_driver: LDFLAGS_ALL += -Wl,--wrap=mdb_env_set_mapsize

# The peers and adduce on the same events; each peer's program needs that peer's library.
P := $B/tests/peers
PEER_LIBS_sqlite := -lsqlite3
PEER_LIBS_postgres := -lpq
PEER_LIBS_redis := -lhiredis
$P/peer_postgres.o: CFLAGS_ALL += -I/usr/include/postgresql
$P/peer_%: $P/peer_%.o $P/peer.o
	$(call say,LD      $@)
	$Q$(CC) $(LDFLAGS_ALL) -o $@ $^ -ljansson $(PEER_LIBS_$*)
$P/peer_adduce: $P/peer_adduce.o $P/peer.o $B/libadduce.a
	$(call say,LD      $@)
	$Q$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)
$P/events $P/growth: $P/%: $P/%.o $B/tests/bench/table.o $B/tests/bench/house.o $B/tests/support.a $B/libadduce-inside.a
	$(call say,LD      $@)
	$Q$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PKG_LIBS)

# With clang the fuzzer itself is the main; elsewhere replay.c is, which runs what it is given.
FUZZ_MAIN := $(if $(filter fuzz,$(FLAVOUR)),,$B/tests/fuzz/replay.o)
$(FUZZ_PROGRAMS): $B/%: $B/%.o $(FUZZ_MAIN) $B/tests/support.a $B/libadduce-inside.a
	$(call say,LD      $@)
	$Q$(CC) $(LDFLAGS_ALL) $(if $(FUZZ_MAIN),,-fsanitize=fuzzer) -o $@ $^ $(PKG_LIBS)

programs: $(TEST_PROGRAMS) $(FUZZ_PROGRAMS) $(LAB) $B/tests/bench/bench $B/adduce $B/libadduce.a $B/libadduce.so

check:  ## everything that CI runs
	$Qtools/check/packages check
	$Qtools/check/all

check-house:  ## rooms, headers, symbols, banned words, format, documents, sizes
	$Qtools/check/all house

check-unit:  ## the unit tests of one FLAVOUR
	$(again) $(UNIT_TESTS)
	$Qtools/check/units $(FLAVOUR) $(UNIT_TESTS)

check-asan check-tsan: check-%:  ## the unit tests under ASan and UBSan, or under TSan
	$(again) FLAVOUR=$* check-unit

check-fuzz:  ## each fuzzer on its corpus, then for a few seconds
	$Qtools/check/fuzz 5

torture:  ## the campaigns of tests/fault, for hours; SEED=N repeats one
	$Qtests/fault/run torture

fuzz:  ## each fuzzer for FUZZ_SECONDS (600)
	$Qtools/check/fuzz $(or $(FUZZ_SECONDS),600)

# Two compilers at three levels, each a release build in a folder of its own.
DIGEST_BUILDS := $(foreach cc,gcc clang,$(foreach level,O0 O2 O3,build/digest/$(cc)-$(level)))
digest-builds: packages  ## one ledger, one digest: gcc and clang, -O0 -O2 -O3, two locales, two time zones
	+$Qfor b in $(DIGEST_BUILDS); do \
	  $(MAKE) --no-print-directory B=$$b CC=$$(basename $${b%-*}) WERROR= \
	    CFLAGS="-U_FORTIFY_SOURCE -$${b##*-}" $$b/adduce || exit 1; done
	$Qtests/flow/digest_builds $(addsuffix /adduce,$(DIGEST_BUILDS))

coverage:  ## lines and branches that unit tests and command-line cases reach, by file and room
	-$(again) FLAVOUR=cov check-unit
	$(again) FLAVOUR=cov build/cov/adduce
	-$QADDUCE=$(CURDIR)/build/cov/adduce tests/cli/run
	$Qtools/check/coverage

bench: packages  ## the numbers, as ratios of one run; BENCH_EVENTS=N for the large ledger
	$(again) $B/tests/bench/bench $B/adduce
	$Q$B/tests/bench/bench $B/adduce

bench-peers bench-growth: bench-%: packages  ## adduce beside its peers, or as it grows, into docs/BENCHMARKS.md; tests/peers/bench
	$Qtests/peers/bench $*

counts-accept:  ## a new baseline of instruction counts; REASON='why they changed'
	$(again) $B/tests/counts/counts_driver
	$Qtests/counts/run accept '$(REASON)'

format:  ## lays out every C file
	clang-format -i $(wildcard include/*.h include/*/*.h src/*/*.[ch] tools/*/*.[ch] tests/*/*.[ch])

install: all  ## under DESTDIR and PREFIX (/usr/local)
	install -d $(addprefix $(DESTDIR),$(PREFIX)/bin $(PREFIX)/include/adduce $(LIBDIR)/pkgconfig)
	install -m 755 $B/adduce $(DESTDIR)$(PREFIX)/bin
	install -m 644 include/adduce.h $(DESTDIR)$(PREFIX)/include
	install -m 644 include/adduce/*.h $(DESTDIR)$(PREFIX)/include/adduce
	install -m 644 $B/libadduce.a $(DESTDIR)$(LIBDIR)
	install -m 755 $B/libadduce.so $(DESTDIR)$(LIBDIR)/libadduce.so.$(VERSION)
	ln -sf libadduce.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libadduce.so.$(SOVERSION)
	ln -sf libadduce.so.$(SOVERSION) $(DESTDIR)$(LIBDIR)/libadduce.so
	sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|; s|@PACKAGES@|$(PACKAGES)|' \
	  tools/adduce.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/adduce.pc
	install -D -m 644 tools/completion/adduce $(DESTDIR)$(PREFIX)/share/bash-completion/completions/adduce
	for page in $(MAN_PAGES); do \
	  install -D -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; done

clean:  ## removes build/
	rm -rf build

help:  ## this list
	@sed -n 's/^\([a-z][a-z -]*\):[^#]*  ## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 24

-include $(shell find $B -name '*.d' 2>/dev/null)
