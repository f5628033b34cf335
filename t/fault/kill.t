#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Workers are killed at any moment, under load: nothing that was acknowledged
# is lost, nothing comes twice, and nobody waits for a worker that is gone.

use lib 't/lib';
use Chat;

use Load;
use Time::HiRes qw(time);

use constant KILLS => $ENV{CHAT_KILLS} || 12;

my $t = Chat->new(workers => 4)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%% reuseport;

        location /chat/ { chat; }
    }
}
EOF

my $load = Load->new($t, visitors => 10)->start;

for (1 .. KILLS) {
    my @workers = $t->workers;

    $load->go_on(5 + int rand 20) or last;
    $t->kill_worker($workers[rand @workers]);
    $load->fault;
}

$load->go_on(40);

# two at once

my @workers = $t->workers;

$t->allow(qr/\[alert\].* process \d+ exited on signal 9/);
kill 'KILL', @workers[0, 1];
$load->fault(2);

ok($load->go_on(40), 'it goes on when half of them are killed');

$load->finish;

is(($t->rows('PRAGMA integrity_check'))[0]{integrity_check}, 'ok',
   'the database is whole');
is_deeply([$t->rows('PRAGMA foreign_key_check')], [],
    'each reference is to a row');

$t->done;
