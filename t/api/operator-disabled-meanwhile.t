#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# An account that is disabled while the database is being asked for its
# session: the answer is old when it comes, and opens no stream.

use lib 't/lib';
use Chat;

use Time::HiRes qw(time);

my $t = Chat->new(workers => 1);

# the threads that read take their time with accounts

$t->write('slow.c', <<'EOC');
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

const char *sqlite3_sql(void *statement);

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
        usleep(300000);
    }

    return rc;
}
EOC

my $dir = $t->dir;

system('cc', '-shared', '-fPIC', '-o', "$dir/slow.so", "$dir/slow.c") == 0
    or die "cc failed\n";

{
    my @first = $t->nginx =~ /sanitize/ ? qx(cc -print-file-name=libasan.so)
                                        : ();
    chomp @first;

    local $ENV{LD_PRELOAD} = join ' ', @first, "$dir/slow.so";
    $t->start;
}

my $admin = $t->admin;
my $agent = $t->operator;
my $id = $agent->id;

is($admin->who_am_i->code, 200, 'the administrator is known');

# asked for the session, and told of its end before the answer comes

my $code;

$agent->get_p('operator/events', query => { after => 0, wait => 20 })
      ->then(sub ($res) { $code = $res->code });

my $until = time + 0.1;
wait_for(sub { time > $until }, 1);

is($admin->patch("admin/operators/$id", { disabled => \1 })->code, 200,
   'disabled');
is($code, undef, 'with the answer still to come');

ok(wait_for(sub { $code }, 5), 'then it comes');
is($code, 401, 'and does not let wait');

$t->done;
