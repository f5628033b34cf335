#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A stream keeps its operator present for as long as it is open, and not much
# longer; it ends when the operator logs out or is disabled.

use lib 't/lib';
use Chat;

use Clock;
use Waiting qw(wait_for_waiting);

my $t = Chat->new->config(<<'EOF');
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
EOF

my $clock = Clock->new($t)->start;
my $admin = $t->admin;
my $agent = $t->operator(name => 'Bo');

ok(!present(), 'nobody is there who does not listen');

my $stream = $agent->stream;

$agent->presence('online');
ok(wait_for(sub { present() }, 5), 'who listens is there');

# for minutes, by its heartbeats only

for my $n (1 .. 5) {
    $clock->pass(25);
    ok(wait_for(sub { beats($stream) >= $n }, 5), "a heartbeat after 25 s");
    ok(present(), 'after ' . 25 * $n . ' s, still there');
}

$stream->close;
ok(present(), 'who has just gone may come back');

$clock->pass(70);
ok(wait_for(sub { !present() }, 5), 'who has not is gone');

# each way out ends stream and poll, on whatever worker

for my $way (
    [ 'logs out', sub { $agent->log_out->code == 204 } ],
    [ 'gets a new password', sub {
        $admin->put('admin/operators/' . $agent->id . '/password',
                    { password => 'another password' })->code == 204;
    } ],
    [ 'is disabled', sub {
        $admin->patch('admin/operators/' . $agent->id,
                      { disabled => \1 })->code == 200;
    } ],
) {
    my ($what, $do) = @$way;

    $agent->log_in;

    my @streams = map { $agent->stream } 1 .. 4;
    my @answers;

    $agent->poll_p(wait => 25)->then(sub ($res) { push @answers, $res })
        for 1 .. 4;
    ok(wait_for_waiting($t, 8), 'streams and polls');

    ok($do->(), "the operator $what");
    ok($_->wait_over(5), 'a stream ends') for @streams;
    ok(wait_for(sub { @answers == 4 }, 5), 'and polls are answered');
    is($agent->poll(wait => 0)->code, 401, 'with no right to come back');

    $agent->{password} = 'another password' if $what =~ /password/;
}

$t->done;


sub present {
    my ($bo) = grep { $_->{name} eq 'Bo' }
               @{ $admin->get('operator/operators')->json->{operators} };

    return $bo && $bo->{present};
}


# blocks that have an id and no event

sub beats ($stream) {
    return scalar grep { /^id: /m && !/^data: /m } split /\n\n/, $stream->text;
}
