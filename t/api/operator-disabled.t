#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A disabled account is out at once, in every worker and on every connection,
# and what it had goes back to the queue.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 4)->start;

my $admin = $t->admin;
my $agent = $t->operator;
my $colleague = $t->operator;
my $visitor = $t->visitor;

$visitor->say('hello');
my $id = $visitor->conversation;

$agent->take($id);
$agent->presence('online');

# connections to all workers, each of which knows the session

my @known = map { [$_, $t->socket] } 1 .. 16;
my %before = map { ask($_->[1]) => 1 } @known;

is_deeply([keys %before], [200], 'known on all connections');

my $polls = [map { $agent->poll_p(wait => 30) } 1 .. 8];
my $stream = $agent->stream;
my $seen = $colleague->stream;

is($visitor->open->session->{available}, Mojo::JSON::true, 'somebody is there');

my $out = $admin->patch('admin/operators/' . $agent->id, { disabled => \1 });

is($out->code, 200, 'disabled');
is($out->json->{operator}{disabled}, Mojo::JSON::true, 'it is');

my %after = map { ask($_->[1]) => 1 } @known;

is_deeply([keys %after], [401], 'out on all connections');

# those who wait are sent away, and find the door closed

my @polls = $agent->all(@$polls);

is(scalar(grep { $_->code == 200 } @polls), 8, 'polls end');
ok($stream->wait_over(10), 'a stream ends');
is($agent->poll(wait => 0)->code, 401, 'and none begins');
is($agent->say($id, 'still here?')->code, 401, 'nothing is said');

# log in, or be asked

is($t->browser->post('operator/session', {
       login => $agent->login, password => $agent->password,
   })->code, 401, 'no way back in');

# the conversation waits again

my $row = $admin->conversation($id)->json->{conversation};

is($row->{state}, 'waiting', 'the conversation waits again');
is($row->{operator}, undef, 'for whoever comes');

# nobody counts on the one who has gone

my ($gone) = grep {
    $_->{type} eq 'presence' && $_->{data}{operator} == $agent->id
        && !$_->{data}{present}
} $seen->wait(sub {
    grep { $_->{type} eq 'presence' && $_->{data}{operator} == $agent->id
               && !$_->{data}{present} } @_;
});

ok($gone, 'colleagues hear that he has gone');
is($visitor->open->session->{available}, Mojo::JSON::false,
   'and visitors that nobody is there');

# colleagues do not see him any more, administrators do

is_deeply([grep { $_->{id} == $agent->id }
           @{ $colleague->get('operator/operators')->json->{operators} }], [],
          'not in the list of colleagues');

my ($listed) = grep { $_->{id} == $agent->id }
               @{ $admin->get('admin/operators')->json->{operators} };

ok($listed->{disabled}, 'in the list of accounts he is');
ok(!$listed->{present}, 'and is not present');

# back again: with a new log-in, and not taking anybody yet

is($admin->patch('admin/operators/' . $agent->id, { disabled => \0 })->code,
   200, 'enabled');
is($agent->who_am_i->code, 401, 'the old session is gone');

$agent->log_in;

is($agent->who_am_i->json->{operator}{status}, 'offline', 'back, and offline');

$agent->poll(wait => 0);

is($agent->who_am_i->json->{operator}{present}, Mojo::JSON::false,
   'so he is not present when he looks');
is($visitor->open->session->{available}, Mojo::JSON::false,
   'and not available');

$t->done;


# On a connection that stays with its worker: the status.

sub ask ($socket) {
    my ($cookie) = grep { $_->name eq 'chat_operator' }
                   @{ $agent->ua->cookie_jar->all };

    $socket->syswrite(join "\r\n",
        'GET /chat/api/v1/operator/session HTTP/1.1',
        'Host: ' . $t->origin =~ s{.*/}{}r,
        'Cookie: chat_operator=' . $cookie->value, '', '');

    my $head = '';

    while ($head !~ /\r\n\r\n/) {
        $socket->sysread($head, 4096, length $head) or return 0;
    }

    my ($length) = $head =~ /^Content-Length: (\d+)/mi;
    my ($body) = $head =~ /\r\n\r\n(.*)/s;

    while (length $body < $length) {
        $socket->sysread($body, 4096, length $body) or return 0;
    }

    return $head =~ m{^HTTP/1.1 (\d+)} ? $1 : 0;
}
