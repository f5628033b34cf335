#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A visitor is blocked from a conversation, in each of the modes that it can
# tell, and let in again: at once, in every worker, and for as long as it was
# said, over reloads and restarts.

use lib 't/lib';
use Chat;

use Time::HiRes qw(time);

my $t = Chat->new(workers => 4)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;
        location /chat/ { chat; }
    }
}
CONF

my $admin = $t->admin;
my $agent = $t->operator;
my $troll = $t->visitor;
my $other = $t->visitor;

my $hello = $troll->say('hello');

is($hello->code, 201, 'a visitor writes');
$troll->cursor($hello->json->{event}{id});

my $number = $troll->conversation;


# each try is a connection of its own, and falls to any of the workers

sub codes ($visitor, $n = 40) {
    my %codes;

    for my $i (1 .. $n) {
        my $res = $visitor->get('visitor/history',
                                headers => { Connection => 'close' },
                                unjudged => 1);
        $codes{ $res->code // 'none' }++;
    }

    return join ' ', map { "$_:$codes{$_}" } sort keys %codes;
}


# refused

my $stream = $troll->stream;
my $waiting = $troll->poll_p(wait => 20);
my $beside = $other->poll_p(wait => 2);

my $scraper = $t->browser;

wait_for(sub {
    $scraper->get('/chat/metrics')->body
        =~ /^ngx_chat_waiters\{who="visitor",by="poll"\} 2$/m
}, 10, 'both wait');

my $since = time;
my $res = $agent->post('operator/blocks', {
    conversation => $number, mode => 'refuse', reason => 'rude',
});

is($res->code, 201, 'an agent blocks');

my $block = $res->json->{block};

is($block->{kind}, 'visitor', 'a visitor');
is($block->{author}{name}, 'Agent 1', 'who did it');
is($block->{reason}, 'rude', 'why');
is($block->{conversation}, $number, 'where');
ok($block->{active}, 'it acts');

is(codes($troll), '403:40', 'in all workers at once');

$stream->wait_over(5);
my ($poll) = $troll->all($waiting);
ok($stream->over && time - $since < 10, 'who waits is sent away');
is($poll->code, 200, 'with an answer');
is($poll->json->{events}[0], undef, 'of nothing');
is(($other->all($beside))[0]->code, 200, 'others wait on');

for (['POST', 'visitor/session', {}],
     ['POST', 'visitor/messages', { client_id => 'a' x 8, text => 'x' }],
     ['POST', 'visitor/typing', { typing => \1 }],
     ['POST', 'visitor/read', { up_to => 1 }],
     ['POST', 'visitor/close', {}],
     ['GET', 'visitor/events?after=0'])
{
    my ($method, $path, $json) = @$_;
    my $res = $troll->request($method, $path,
                              $json ? (json => $json) : ());

    is($res->code, 403, "$path is refused");
    is($res->json->{type}, 'urn:ngx-chat:blocked', 'and says why');
}

is($other->say('me too')->code, 201, 'another visitor is not blocked');

is($admin->conversation($number)->json->{conversation}{unread}, 1,
   'nothing of it reached the team');

my ($listed) = @{ $agent->get('operator/blocks')->json->{blocks} };
ok($listed->{met} >= 46, "what it met is counted: $listed->{met}");

ok(grep(/chat refused a request by block $block->{id}, /,
        split /\n/, $t->log) >= 46, 'and each is in the log');


# a reload and a restart change nothing

$t->reload;
is(codes($troll, 8), '403:8', 'after a reload');

$t->stop->start;
is(codes($troll, 8), '403:8', 'after a restart');

$t->kill_worker($_) for ($t->workers)[0];
is(codes($troll, 8), '403:8', 'after a worker was killed');


# in another mode

$res = $agent->post('operator/blocks', {
    conversation => $number, mode => 'close', reason => 'very rude',
});

is($res->code, 201, 'blocked in another mode');
my $second = $res->json->{block};

is(codes($troll, 8), 'none:8', 'closed without an answer');

my $history = $agent->get('operator/blocks?state=all')->json->{blocks};

is_deeply([map { [@$_{qw(id mode)}, $_->{active} ? 1 : 0] } @$history],
          [[$second->{id}, 'close', 1], [$block->{id}, 'refuse', 0]],
          'the first one is history');
is($history->[1]{lifted_by}{name}, 'Agent 1', 'who ended it');


# lifted

$res = $admin->delete("operator/blocks/$second->{id}");

is($res->code, 200, 'lifted');
is($res->json->{block}{lifted_by}{name}, 'Ada', 'by whom');
is(codes($troll), '200:40', 'in all workers at once');
is($troll->say('sorry')->code, 201, 'it writes again');
is($admin->delete("operator/blocks/$second->{id}")->json->{block}{lifted_at},
   $res->json->{block}{lifted_at}, 'again is no other time');
is($admin->delete('operator/blocks/999')->code, 404, 'no such block');


# for a while

$res = $agent->post('operator/blocks', {
    conversation => $number, mode => 'refuse', expires_in => 2,
});

my $expires = $res->json->{block}{expires_at};

is($expires - $res->json->{block}{created_at}, 2000, 'for two seconds');
is(codes($troll, 4), '403:4', 'refused meanwhile');

wait_for(sub { time * 1000 > $expires + 5 }, 5, 'the end');

is(codes($troll, 8), '200:8', 'not a tick longer');
ok(!$agent->get('operator/blocks?state=past')->json->{blocks}[0]{active},
   'then it is history');
is(@{ $agent->get('operator/blocks')->json->{blocks} }, 0, 'none acts');

$t->stop->start;
is(codes($troll, 4), '200:4', 'nor after a restart');

$t->done;
