#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Who sends many requests at once does not have the worker for all of them:
# others are served in between.

use lib 't/lib';
use Chat;

use Raw qw(exchange request);

use constant MANY => 60;

my $t = Chat->new(workers => 1)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    log_format turns '$arg_who $status';

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; access_log %%DIR%%/turns.log turns; }
    }
}
CONF

my ($worker) = $t->workers;

# also such as nginx reads to their last byte, one by one

served('short ones', request($t, GET => 'nothing?who=many'));
served('as long as the buffer', padded(request($t, GET => 'nothing?who=many'),
                                       1024));
served('with a body', request($t, POST => 'nothing?who=many', 'x' x 3000));

# one that has begun before a reload, and then waits for its turn

my $slow = $t->socket;
my $late = request($t, GET => 'nothing?who=late');

is((exchange($slow, $late . substr($late, 0, 40)))[0]{code}, 404,
   'one, and the beginning of the next');

kill 'HUP', $t->pid;
wait_for(sub { grep { $_ != $worker } $t->workers });
$t->wait_for_log(qr/gracefully shutting down/);
$t->browser->get('/chat/api/v1/nothing') for 1 .. 50;

is((exchange($slow, substr $late, 40))[0]{code}, 404,
   'the rest is answered by the worker that is to exit');

$t->done;


sub served ($name, $one) {
    my $many = $t->socket;

    is((exchange($many, request($t, GET => 'nothing?who=first')))[0]{code},
       404, "$name: a connection that the worker knows");

    my $before = turns();

    # both are there when it looks; the new one has to be accepted before

    kill 'STOP', $worker;
    $many->syswrite($one x MANY);

    my $other = $t->socket;

    $other->syswrite(request($t, GET => 'nothing?who=other'));
    kill 'CONT', $worker;

    is(scalar(grep { $_->{code} == 404 } exchange($many, '', MANY)), MANY,
       'all of them are answered');
    is((exchange($other, ''))[0]{code}, 404, 'and the other one');

    wait_for(sub { turns() == $before + MANY + 1 });

    my @order = (split /\n/, $t->read('turns.log'))[$before .. turns() - 1];
    my ($at) = grep { $order[$_] =~ /^other/ } 0 .. $#order;

    cmp_ok($at, '<', MANY / 4, 'who is served long before the last of them');
}


sub turns { scalar(() = $t->read('turns.log') =~ /\n/g) }


sub padded ($request, $length) {
    my $pad = $length - length($request) - length("X-Pad: \r\n");

    return $request =~ s/\r\n\r\n/"\r\nX-Pad: " . 'x' x $pad . "\r\n\r\n"/er;
}
