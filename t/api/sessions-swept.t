#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Sessions of operators that are over go from the database by themselves, once
# an hour, also when nobody logs in any more; those that are good stay.

use lib 't/lib';
use Chat;

use Clock;

my $t = Chat->new(workers => 2);
my $clock = Clock->new($t);

$t->config(<<'CONF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_session_timeout 90m;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
CONF

$clock->start;

my $admin = $t->admin;

sub sessions { ($t->rows('SELECT count(*) AS n FROM session'))[0]{n} }

my $first = sessions();

cmp_ok($first, '>=', 1, 'a session');

$clock->pass(3000);
$t->operator;
is(sessions(), $first + 1, 'and another, 50 minutes later');

# the hour is over: one of them is good for 40 minutes

$clock->pass(3000);
ok(wait_for(sub { sessions() == 1 }, 10), 'those that are over go')
    or diag(sessions());

is($admin->who_am_i->code, 401, 'which let nobody in');

$t->done;
