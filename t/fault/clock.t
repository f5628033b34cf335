#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The wall clock jumps under load, forwards and back, by minutes and years:
# ids, not times, are the order, so nothing is lost, and nobody waits longer.
# Then time itself passes at once, as for a machine that slept.

use lib 't/lib';
use Chat;

use Clock;
use Load;

my $t = Chat->new(workers => 2)->config;
my $clock = Clock->new($t)->start;
my $load = Load->new($t, visitors => 8)->start;

for my $seconds (600, -1200, 3600, -7200, 1, -1, 3600) {
    ok($load->go_on(25), 'they talk');
    $clock->move($seconds);
    $load->fault;
}

# there and back: longer than a session of an operator lasts

$clock->move(20 * 365 * 86400);
$load->fault->for_seconds(0.2);
$clock->move(-40 * 365 * 86400);
$load->fault->for_seconds(0.2);
$clock->move(20 * 365 * 86400);
$load->fault;

ok($load->go_on(25), 'they talk again');

# timers, too: every poll is over, every stream beats

for my $seconds (30, 120, 7200) {
    $clock->pass($seconds);
    $load->fault;
    ok($load->go_on(25), "$seconds s are gone");
}

$load->finish;

# the order of ids is that in which they were committed, whatever the time was

my ($back) = $t->rows('SELECT count(*) AS n FROM event a JOIN event b'
                      . ' ON b.id = a.id + 1 WHERE b.at < a.at');

cmp_ok($back->{n}, '>', 0, 'times did go back');

$t->done;
