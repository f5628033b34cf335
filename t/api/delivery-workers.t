#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Whoever waits hears it, on whatever worker: many polls and streams of one
# visitor and of the team, and each of many senders.

use lib 't/lib';
use Chat;

use List::Util qw(uniq);
use Time::HiRes qw(time);
use Waiting qw(wait_for_waiting);

use constant {
    WORKERS => 4,
    WAITERS => 24,
    ROUNDS  => 12,
};

# without accept_mutex and with reuseport connections spread over all workers

my $t = Chat->new(workers => WORKERS)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    log_format who "$pid $request_method $uri $status";
    access_log %%DIR%%/who.log who;

    server {
        listen 127.0.0.1:%%PORT%% reuseport;

        location /chat/ { chat; }
        location = /status { stub_status; }
    }
}
EOF

my $visitor = $t->visitor;
my $admin = $t->admin;

$visitor->say('hello');
$visitor->cursor($visitor->poll(wait => 0)->json->{cursor});

my (@took, @floor);

for my $round (1 .. ROUNDS) {
    my (@polls, $cursor);

    $cursor = $visitor->cursor;

    # each on a connection of its own

    my @agents = map {
        $_ % 2 ? copy_of($visitor) : copy_of($admin)
    } 1 .. WAITERS;

    for my $agent (@agents) {
        $agent->cursor($cursor);
        $agent->poll_p(wait => 25)->then(sub ($res) { push @polls, $res });
    }

    wait_for_waiting($t, WAITERS) or BAIL_OUT('the polls do not wait');

    # what as many answers take on this machine now, with nothing to wait for

    my $began = time;

    $visitor->all(map { $_->get_p($_->events_path,
                                  query => { after => $cursor, wait => 0 }) }
                  map { copy_of($visitor) } 1 .. WAITERS);
    push @floor, time - $began;

    my $from = $round % 2 ? copy_of($admin) : copy_of($visitor);
    my $sent = $round % 2 ? $from->say($visitor->conversation, "round $round")
                          : $from->say("round $round");

    $began = time;

    wait_for(sub { @polls == WAITERS }, 10);
    push @took, time - $began;

    my @texts = map {
        my @messages = grep { $_->{type} eq 'message' }
                       @{ $_->json->{events} };
        join ',', map { $_->{data}{text} } @messages;
    } @polls;

    is_deeply([ @polls + 0, uniq @texts ], [ WAITERS, "round $round" ],
              "round $round: everyone hears it, once")
        or diag(explain([ map { $_->json } @polls ]));

    $visitor->cursor($_) for $sent->json->{event}{id};
    $visitor->collect(sub { 1 }, wait => 0);
}

# at once, not when a worker happens to look, once a second: half of the rounds,
# beside what this machine takes for as many answers

my ($took, $floor) = map { (sort { $a <=> $b } @$_)[@$_ / 2] } \@took, \@floor;

cmp_ok($took, '<', 0.25 + $floor,
       sprintf 'half of them within %.3f s, beside %.3f s', $took, $floor);

# streams on all of the workers, messages from all of them at the same time

my @streams = map { copy_of($admin)->stream } 1 .. WAITERS;
my @sent = $visitor->all(map { copy_of($visitor)->say_p("burst $_") } 1 .. 60);

is(scalar(grep { $_->code == 201 } @sent), 60, 'a burst');

my @ids = sort { $a <=> $b } map { $_->json->{event}{id} } @sent;

for my $stream (@streams) {
    $stream->wait(sub (@events) {
        grep { ($_->{id} // 0) == $ids[-1] } @events;
    });
}

my @seen = uniq map {
    join ' ', grep { $_ >= $ids[0] } map { $_->{id} // () } $_->events;
} @streams;

is_deeply(\@seen, [ "@ids" ], 'every stream has it all, once and in order');

$_->close for @streams;

$t->stop;

my %worker = map { /^(\d+) GET .*events 200/ ? ($1 => 1) : () }
             split /\n/, $t->read('who.log');

is(scalar keys %worker, WORKERS, 'on every worker');

$t->done;


# The same person on another connection.

sub copy_of ($agent) {
    my $copy = bless { %$agent }, ref $agent;

    $copy->{ua} = Mojo::UserAgent->new(
        cookie_jar => $agent->ua->cookie_jar, max_connections => 1,
        inactivity_timeout => 0, request_timeout => 60,
    );

    return $copy;
}
