#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# nginx is stopped the hard way under load and started again: clients come
# back with their cursors and repeat what was not acknowledged.

use lib 't/lib';
use Chat;

use Disk;
use Load;

my $t = Chat->new(workers => 3);
my $disk = Disk->new($t);

$t->config(<<'EOF')->start;
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

# Everybody at once, the master too, and in the middle of a commit: what it has
# written is there, nobody was told so, and all of it is said again.

ok($load->go_on(40), 'before all are killed');

$disk->slow(5);

my $syncs = $disk->syncs;

ok(wait_for(sub { $disk->syncs > $syncs }, 10), 'a commit waits for its sync');

my @all = ($t->pid, $t->workers);

kill 'KILL', @all;
wait_for(sub { !grep { !Chat::ended($_) } @all }, 5);

delete $t->{pid};
unlink $t->dir . '/nginx.pid';
$disk->slow(0);
$load->fault;
$t->start;

ok($load->go_on(40), 'after that');

$load->finish;

is(($t->rows('PRAGMA integrity_check'))[0]{integrity_check}, 'ok',
   'the database is whole');
is_deeply([$t->rows('PRAGMA foreign_key_check')], [],
    'each reference is to a row');

$t->done;
