
# Copyright (C) ngx_chat_module contributors

# What t/unit, t/bench and t/fuzz link their programs with: the rooms below
# the HTTP layers as one archive, nginx's core as another, of which the linker
# picks.  A new source file needs no edit here.  Included at the end of a
# Makefile that has set OUT, ROOMS and CFLAGS, perhaps CPPFLAGS and CORE.

ROOT := $(abspath ../..)
NGINX := $(ROOT)/build/nginx

# not nginx.c and what it drags in: t/unit/stub.c stands for those

CORE ?= $(filter-out %/nginx.c %/ngx_log.c %/ngx_cycle.c %/ngx_module.c \
                     %/ngx_thread_pool.c %/ngx_regex.c,\
          $(wildcard $(NGINX)/src/core/*.c)) \
        $(addprefix $(NGINX)/src/os/unix/,ngx_alloc.c ngx_errno.c ngx_files.c \
          ngx_time.c ngx_shmem.c ngx_socket.c)

SOURCES := $(foreach room,$(ROOMS),\
             $(wildcard $(ROOT)/ngx_chat_module/$(room)/*.c))

CORE_OBJS := $(CORE:$(NGINX)/src/%.c=$(OUT)/nginx/%.o)
SOURCE_OBJS := $(SOURCES:$(ROOT)/%.c=$(OUT)/%.o)

CPPFLAGS += -I$(ROOT)/ngx_chat_module -I. -I../unit \
            -I$(NGINX)/src/core -I$(NGINX)/src/event \
            -I$(NGINX)/src/event/modules -I$(NGINX)/src/os/unix \
            -I$(NGINX)/objs


# The list changes only when a file came or went.  Several make at once look
# at it: none may write what another compares.

$(shell mkdir -p $(OUT); \
        echo '$(SOURCE_OBJS)' | cmp -s - $(OUT)/module.list \
        || echo '$(SOURCE_OBJS)' >$(OUT)/module.list)


# an archive is made anew: what is no longer a file must not stay in it

$(OUT)/module.a: $(SOURCE_OBJS) $(OUT)/module.list
	@rm -f $@
	$(AR) rc $@ $(SOURCE_OBJS)

$(OUT)/nginx.a: $(CORE_OBJS)
	@rm -f $@
	$(AR) rc $@ $^

$(OUT)/test/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -Werror -MMD -MP -c -o $@ $<

$(OUT)/support/%.o: ../unit/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -Werror -MMD -MP -c -o $@ $<

$(OUT)/ngx_chat_module/%.o: $(ROOT)/ngx_chat_module/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -Werror -MMD -MP -c -o $@ $<

$(OUT)/nginx/%.o: $(NGINX)/src/%.c $(NGINX)/.version
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

.SECONDARY:
.DELETE_ON_ERROR:
