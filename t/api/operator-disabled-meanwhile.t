#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# An account that is disabled while the database is being asked for its
# session: the answer is old when it comes, and opens no stream.

use lib 't/lib';
use Chat;

use POSIX qw(mkfifo);

my $t = Chat->new(workers => 1);

# while the pipe "hold" is there, a thread that has read an account stays with
# it until somebody opens the pipe, and says so by the file "held"

$t->write('slow.c', <<'EOC');
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *sqlite3_sql(void *statement);

static char  dir[256];

/* nginx takes the environment from its workers */

__attribute__((constructor))
static void
hold_init(void)
{
    snprintf(dir, sizeof(dir), "%s", getenv("CHAT_HOLD"));
}

static void
hold(void)
{
    char  file[300], held[300];

    snprintf(file, sizeof(file), "%s/hold", dir);
    snprintf(held, sizeof(held), "%s/held", dir);

    if (access(file, F_OK) == 0) {
        close(open(held, O_CREAT|O_WRONLY, 0600));
        close(open(file, O_RDONLY));
    }
}

int
sqlite3_step(void *statement)
{
    int          rc;
    char         name[16];
    const char  *sql;

    rc = ((int (*)(void *)) dlsym(RTLD_NEXT, "sqlite3_step"))(statement);
    sql = sqlite3_sql(statement);

    pthread_getname_np(pthread_self(), name, sizeof(name));

    if (strcmp(name, "chat-reader") == 0
        && sql && strstr(sql, "FROM operator"))
    {
        hold();
    }

    return rc;
}
EOC

my $dir = $t->dir;

mkdir "$dir/shared" or die "mkdir: $!\n";
chmod 0777, "$dir/shared";

system('cc', '-shared', '-fPIC', '-o', "$dir/slow.so", "$dir/slow.c") == 0
    or die "cc failed\n";

{
    my @first = $t->nginx =~ /sanitize/ ? qx(cc -print-file-name=libasan.so)
                                        : ();
    chomp @first;

    local $ENV{CHAT_HOLD} = "$dir/shared";
    local $ENV{LD_PRELOAD} = join ' ', @first, "$dir/slow.so";
    $t->start;
}

my $admin = $t->admin;
my $agent = $t->operator;
my $id = $agent->id;

is($admin->who_am_i->code, 200, 'the administrator is known');

# asked for the session, and told of its end before the answer comes

my $code;

mkfifo("$dir/shared/hold", 0600) or die "mkfifo: $!\n";
chmod 0666, "$dir/shared/hold";

$agent->get_p('operator/events', query => { after => 0, wait => 20 })
      ->then(sub ($res) { $code = $res->code });

ok(wait_for(sub { -e "$dir/shared/held" }, 5), 'the account was read');

is($admin->patch("admin/operators/$id", { disabled => \1 })->code, 200,
   'disabled');
is($code, undef, 'with the answer still to come');

open my $hold, '>', "$dir/shared/hold" or die "hold: $!\n";
unlink "$dir/shared/hold" or die "unlink: $!\n";
close $hold;

ok(wait_for(sub { $code }, 5), 'then it comes');
is($code, 401, 'and does not let wait');

$t->done;
