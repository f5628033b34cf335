#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A binary upgrade under load: two masters, each with its own workers and its
# own shared memory, on one database.  What is said through one generation is
# heard through the other within moments; the old one leaves, nothing is lost.

use lib 't/lib';
use Chat;

use List::Util qw(min);
use Load;
use Time::HiRes qw(time);

use constant N => 40;

my $t = Chat->new(workers => 2)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; add_header X-Pid $pid always; }
    }
}
EOF

my $load = Load->new($t, visitors => 8, wait => 25)->start;

$load->go_on(N);

my $visitor = $t->visitor;

$visitor->say('hello');

my $before = side($visitor, $t->workers);

$t->upgrade(keep_old => 1);
$load->fault;

# Both accept connections now.  Senders with a connection each time come to
# either; those who listen stay where they are.

$_->{agent}->ua->max_connections(0) for $load->talks;

ok($load->go_on(4 * N), 'both generations serve');

my @generations = map { scalar $t->workers($_) } $t->{old_pid}, $t->pid;

is_deeply(\@generations, [ 2, 2 ], 'which are there at the same time');

crossing(6, 'what crosses over', $before, side($visitor, $t->workers));

$load->go_on(N);

my $began = time;

$t->finish_upgrade;
$load->fault;

my @took = time - $began;

cmp_ok($took[0], '<', 10, 'the old generation leaves');
ok($load->go_on(2 * N), 'and the new one serves');

is($load->failures, 0, 'no message had to be said twice')
    or diag(explain($load->problems));

# and back: the new one is sent away instead

$t->upgrade(keep_old => 1);
$load->fault;
$load->go_on(N);

my ($new, $old) = ($t->pid, delete $t->{old_pid});

$began = time;

kill 'QUIT', $new;
ok(wait_for(sub { !-e "/proc/$new" }, 20), 'the new one leaves');

# one of them may be slow on a busy machine, but not both

push @took, time - $began;
cmp_ok(min(@took), '<', 3, 'and at once');

$t->{pid} = $old;
$load->fault;

ok($load->go_on(2 * N), 'the old one serves on');

$load->finish;

# the same where nobody else says anything: none of them has a reason to look

$before = side($visitor, $t->workers);
$t->upgrade(keep_old => 1);

crossing(3, 'without others it', $before, side($visitor, $t->workers));

$t->done;


# How long messages take that cross over, either way.  A busy machine may hold
# one of them up, and not most.

sub crossing ($n, $what, @sides) {
    my @took;

    for my $round (1 .. $n) {
        for my $side (0, 1) {
            my $before = time;
            my $id = $sides[$side]{speaker}->say("crossing $round.$side")
                                            ->json->{event}{id};

            $sides[1 - $side]{stream}->wait(sub (@events) {
                grep { ($_->{id} // 0) == $id } @events;
            }, 10);

            push @took, time - $before;
        }
    }

    $_->{stream}->close for @sides;

    @took = sort { $a <=> $b } @took;

    cmp_ok($took[-1], '<', 5,
           sprintf '%s is heard within %.2f s', $what, $took[-1]);
    cmp_ok($took[@took / 2], '<', 2.5, 'most of it sooner');
}


# Somebody who listens and speaks on connections that one of these workers has:
# which one takes a connection is not the client's to say.

sub side ($visitor, @workers) {
    my %worker = map { $_ => 1 } @workers;
    my ($stream, $speaker);

    wait_for(sub {
        $stream->close if $stream;
        $stream = $visitor->stream;
        return $worker{ $stream->headers->header('X-Pid') };
    }, 20, 'a stream from one of them') or die "no stream\n";

    wait_for(sub {
        $speaker = bless { %$visitor }, ref $visitor;
        $speaker->{ua} = Mojo::UserAgent->new(
            cookie_jar => $visitor->ua->cookie_jar, max_connections => 1,
            inactivity_timeout => 0);

        return $worker{ $speaker->get('visitor/history')
                                ->headers->header('X-Pid') };
    }, 20, 'a connection to one of them') or die "no connection\n";

    return { stream => $stream, speaker => $speaker };
}
