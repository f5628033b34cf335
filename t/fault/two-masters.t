#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Two servers on one state directory, as by a mistake or during a move: both
# serve, what is said through one is heard through the other, and the ids go
# on in one line.  One of them is killed, and the other goes on.

use lib 't/lib';
use Chat;

use Chat::Operator ();
use Load;
use Time::HiRes qw(time);

my $one = Chat->new(workers => 2)->config->start;
my $two = Chat->new(workers => 2);

symlink $one->state_dir, $two->state_dir or die "symlink: $!";

$two->config->start;

$one->admin;

my $operator = Chat::Operator->new(
    chat => $two, map { $_ => $one->admin->{$_} } qw(login name password),
)->log_in;

my $visitor = $one->visitor;
$visitor->say('hello');

my $mine = $visitor->stream;
my $slowest = 0;

for my $n (1 .. 6) {
    my $before = time;
    my $said = $operator->say($visitor->conversation, "from over there $n");

    is($said->code, 201, 'said through the other');

    $mine->wait(sub (@events) {
        grep { ($_->{id} // 0) == $said->json->{event}{id} } @events;
    });

    $slowest = time - $before if time - $before > $slowest;
}

cmp_ok($slowest, '<', 2.5, sprintf 'and heard within %.2f s', $slowest);

# the other way, under load

my $load = Load->new($one, visitors => 6)->start;

ok($load->go_on(40), 'under load');

my ($newest) = $one->rows('SELECT max(id) AS id FROM event');
my @inbox = $operator->collect(sub (@events) {
    grep { ($_->{id} // 0) >= $newest->{id} } @events;
});

my @ids = map { $_->{id} // () } @inbox;

is_deeply(\@ids, [ map { $_->{id} } $one->rows(
    'SELECT id FROM event WHERE id BETWEEN ? AND ? ORDER BY id',
    $ids[0], $ids[-1]) ], 'the inbox over there has it all, in order');

$mine->close;

# the other one dies in the middle of it

my @all = ($two->pid, $two->workers);

kill 'KILL', @all;
$load->fault;
delete $two->{pid};
$two->{finished} = 1;

ok($load->go_on(40), 'one goes on when the other is killed');

$load->finish;
$one->done;
