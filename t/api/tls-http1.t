#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The main path over TLS: cookies are for secure connections only, polls and
# streams work as they do without, also for those who read slowly.

use lib 't/lib';
use Chat;

my $t = Chat->new(tls => 1)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%% ssl sndbuf=16k;
        %%CERT%%

        location /chat/ { chat; }
    }
}
EOF

my $visitor = $t->visitor;
my $admin = $t->admin;

my @cookies = @{ $visitor->opened->headers->to_hash(1)->{'Set-Cookie'} // [] };

is(scalar @cookies, 1, 'one cookie');
like($cookies[0], qr/;\s*Secure\b/i, 'for secure connections');
like($cookies[0], qr/;\s*HttpOnly\b/i, 'not for scripts');

my ($session) = grep { $_->name =~ /operator/ }
                @{ $admin->ua->cookie_jar->all };

is($session->name, '__Host-chat_operator', 'the operator\'s is the host\'s');
ok($session->secure, 'and for secure connections');

# talk

is($visitor->say('hello')->code, 201, 'a message');

my $stream = $visitor->stream;
my $inbox = $admin->stream;

$visitor->cursor($visitor->poll(wait => 0)->json->{cursor});

my $answer;
$visitor->poll_p(wait => 25)->then(sub ($res) { $answer = $res });

my $said = $admin->say($visitor->conversation, 'good day');

is($said->code, 201, 'a reply');
ok(wait_for(sub { $answer }, 5), 'a poll is answered');
is($answer->json->{events}[-1]{data}{text}, 'good day', 'with the reply');

for ($stream, $inbox) {
    ok($_->wait(sub (@events) {
        grep { ($_->{id} // 0) == $said->json->{event}{id} } @events;
    }, 5), 'a stream has it');
}

# more than a connection takes at once, and TLS records hold it back

my @sent;

while (@sent < 400) {
    push @sent, map { $_->json->{event}{id} }
        $visitor->all(map { $visitor->say_p('x' x 3000) } 1 .. 10);
}

@sent = sort { $a <=> $b } @sent;

my $late = $visitor->stream;

for ($stream, $inbox, $late) {
    $_->wait(sub (@events) { grep { ($_->{id} // 0) == $sent[-1] } @events });

    my @ids = grep { $_ >= $sent[0] }
              map { $_->{id} } grep { $_->{type} eq 'message' } $_->events;

    ok("@ids" eq "@sent", 'a stream has many, once and in order')
        or diag(scalar @ids, ' of ', scalar @sent);
}

# an end for all of them at a reload

my $early;
$visitor->cursor($sent[-1]);
$visitor->poll_p(wait => 25)->then(sub ($res) { $early = $res });

wait_for(sub { $visitor->poll(wait => 0)->code == 200 }, 5);
$t->reload;

ok(wait_for(sub { $early }, 5), 'a poll is answered at a reload');
ok($_->wait_over(5), 'a stream ends') for $stream, $inbox, $late;
is($visitor->say('and on')->code, 201, 'and it goes on');

$t->done;
