#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Requests that come on a connection before the first is answered are answered
# in their order, also behind a poll that waits.

use lib 't/lib';
use Chat;

use Raw qw(cookie_of exchange request);
use Waiting qw(wait_for_waiting);

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
        location = /status { stub_status; }
    }
}
CONF

my $visitor = $t->visitor;
my $cookie = cookie_of($visitor);

# writes, reads and errors

my @texts = map { "message $_" } 1 .. 10;

my @answers = exchange($t->socket, join('', map({
    request($t, POST => 'visitor/messages',
            qq({"client_id":"pipelined-$_","text":"message $_"}), $cookie)
} 1 .. 10), request($t, GET => 'nothing', undef, $cookie),
    request($t, POST => 'visitor/messages', 'rubbish', $cookie),
    request($t, GET => 'visitor/history', undef, $cookie)), 13);

is_deeply([map { $_->{code} } @answers], [(201) x 10, 404, 400, 200],
          'all are answered, in their order');
is_deeply([map { $_->{json}{event}{data}{text} } @answers[0 .. 9]], \@texts,
          'each with its own');
is_deeply([map { $_->{data}{text} } grep { $_->{type} eq 'message' }
           @{ $answers[12]{json}{events} }], \@texts, 'the last sees them all');

# behind a poll

my $cursor = $answers[9]{json}{conversation}{last_event};
my $socket = $t->socket;

$socket->syswrite(join '',
    request($t, GET => "visitor/events?after=$cursor&wait=20", undef, $cookie),
    request($t, POST => 'visitor/messages',
            '{"client_id":"behind-a-poll","text":"behind"}', $cookie),
    request($t, GET => "visitor/events?after=$cursor&wait=0", undef, $cookie));

wait_for_waiting($t, 1);

is_deeply([$t->rows("SELECT 1 FROM event WHERE client_id = 'behind-a-poll'")],
          [], 'what comes behind a poll waits for it');

$visitor->say('wake up');

@answers = exchange($socket, '', 3);

is_deeply([map { $_->{code} } @answers], [200, 201, 200], 'then all go on');
is_deeply([map { $_->{data}{text} } @{ $answers[0]{json}{events} }],
          ['wake up'], 'the poll with what woke it');
is_deeply([map { $_->{data}{text} } @{ $answers[2]{json}{events} }],
          ['wake up', 'behind'], 'the next poll with both');

# the last one says that it is the last

$socket->syswrite(request($t, GET => 'visitor/history', undef, $cookie,
                          'Connection: close'));

ok(wait_for(sub { !$socket->sysread(my $buffer, 65536) }, 5), 'and it is over');
close $socket;

# a head in the next one that makes no sense ends it behind the first answer

@answers = exchange($t->socket, request($t, GET => 'visitor/history', undef,
                                        $cookie) . "rubbish\r\n\r\n", 2);

is_deeply([map { $_->{code} } @answers], [200, 400], 'rubbish behind it');

$t->done;
