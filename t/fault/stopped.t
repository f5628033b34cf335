#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A process stands still while it holds the lock of the database: a debugger,
# a frozen machine, a snapshot that hangs.  Nobody may take the lock from it.
# The others serve what needs no write; writes wait in queues that have an end,
# then 503; and it goes on when the process does, or when it is killed.

use lib 't/lib';
use Chat;

use Disk;
use List::Util qw(sum);
use Load;

use constant LOAD => 8;

my $t = Chat->new(workers => 3);
my $disk = Disk->new($t);

$t->write('index.html', 'the site');
$t->config(<<'EOT')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_queue 16;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /      { root %%DIR%%; }
        location /chat/ { chat; }
    }
}
EOT

my $load = Load->new($t, visitors => LOAD)->start;
my @many = map { $t->visitor } 1 .. 60;

# a connection each: one that a stopped worker has is of no use

$_->ua->max_connections(0) for @many;

for my $end (qw(CONT KILL)) {
    ok($load->go_on(30), 'they talk');

    my $holder = holder();

    ok($holder, 'a worker holds the lock') or last;
    $load->fault;

    # what has come to it until now waits with it; the others take the rest

    my %answers;
    my $n = 0;

    for my $visitor (@many) {
        $visitor->{wanted} = {
            client_id => "holder-$end-" . ++$n, text => "for $end, $n",
        };
        $visitor->post_p('visitor/messages', $visitor->{wanted})
            ->then(sub ($res) { $answers{ $res->code // 0 }++ });
    }

    ok(wait_for(sub { $answers{503} }, 10), "$end: the queues are full: 503");
    is($answers{201}, undef, "$end: nothing is acknowledged");
    is($t->browser->get('/index.html')->body, 'the site',
       "$end: the site is served");

    my $reader = $t->browser;

    $reader->ua->max_connections(0);
    $reader->{ua}->cookie_jar($many[0]->ua->cookie_jar);
    is($reader->get('visitor/history')->code, 200, "$end: and what was said");

    if ($end eq 'CONT') {
        kill 'CONT', $holder;

    } else {
        $t->kill_worker($holder);
    }

    $disk->slow(0);
    $load->fault;

    ok($load->go_on(60), "$end: it goes on");

    # the queue that was full had 12 places for visitors, of which the load may
    # have had one for each of its own

    ok(wait_for(sub { sum(values %answers) == @many }, 30),
       "$end: each has an answer") or diag(explain(\%answers));
    cmp_ok($answers{201} // 0, '>=', 12 - LOAD,
           "$end: what was accepted by the others is done");

    # who was refused, or not answered, says it again

    my @codes = map { $_->post('visitor/messages', $_->{wanted})->code } @many;

    is_deeply([ grep { !/^20[01]$/ } @codes ], [], "$end: nobody is left over");
}

$load->finish;

is_deeply([ $t->rows('SELECT visitor, text, count(*) AS n FROM event e JOIN'
                     . ' conversation c ON c.id = e.conversation'
                     . " WHERE text LIKE 'for %' GROUP BY 1, 2"
                     . ' HAVING n != 1') ], [], 'nobody said it twice');

$t->done;


# The worker that holds the lock in the midst of a sync, stopped there.

sub holder {
    $disk->slow(0.3);

    return wait_for(sub {
        my $pid = $t->lock_holder // return;

        return if !grep { $_ == $pid } $t->workers;

        kill 'STOP', $pid;
        return if !wait_for(sub { Chat::_state($pid) eq 'T' }, 2);

        return $pid if ($t->lock_holder // 0) == $pid;

        kill 'CONT', $pid;
        return;
    }, 10, 'a holder of the lock');
}
