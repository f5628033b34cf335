#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# nginx is stopped the hard way under load and started again: clients come
# back with their cursors and repeat what was not acknowledged.

use lib 't/lib';
use Chat;

use Load;

my $t = Chat->new(workers => 3)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
EOF

my $load = Load->new($t, visitors => 8)->start;

for my $signal (qw(TERM QUIT TERM INT)) {
    ok($load->go_on(40), "before $signal");

    $t->stop($signal);
    $load->fault;
    $load->for_seconds(0.2);

    unlink $t->dir . '/nginx.pid';
    $t->start;
}

# everybody at once, the master too

ok($load->go_on(40), 'before all are killed');

my @all = ($t->pid, $t->workers);

kill 'KILL', @all;
wait_for(sub { !grep { Chat::_state($_) !~ /^[ZX]?$/ } @all }, 5);

delete $t->{pid};
unlink $t->dir . '/nginx.pid';
$load->fault;
$t->start;

ok($load->go_on(40), 'after that');

$load->finish;

is(($t->rows('PRAGMA integrity_check'))[0]{integrity_check}, 'ok',
   'the database is whole');
is_deeply([$t->rows('PRAGMA foreign_key_check')], [],
    'each reference is to a row');

$t->done;
