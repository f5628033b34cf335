package Load;

# Copyright (C) ngx_chat_module contributors

# Visitors and an operator who talk while a test does harm to nginx.  Each
# sends one message at a time and repeats it, with the same client id, until
# it is acknowledged; each listens, by poll or by stream, from its cursor on,
# and keeps what it heard.  In the end, what was acknowledged is in the
# database and in every history: once, and in order.
#
#     my $load = Load->new($t, visitors => 10)->start;
#     $load->go_on(20);               # until so many more are acknowledged
#     $t->kill_worker;
#     $load->fault;
#     $load->finish;                  # points of TAP, and a line of figures
#
# Options: "visitors"; "wait", seconds of a poll; "more", what each message has
# beside its number; "mark", called for each acknowledgement and kept with it.
#
# It is bounded: senders pause after each message, and the test has its time.

use v5.36;

use Mojo::IOLoop ();
use Mojo::JSON qw(decode_json);
use Test::More ();
use Time::HiRes qw(time);

use Chat::Wait qw(wait_for);

use constant {
    PAUSE => 0.01,          # after a message
    RETRY => 0.03,          # after a failure
};


sub new ($class, $t, %opt) {
    return bless {
        chat => $t, visitors => 8, wait => 5, acked => 0, requests => 0,
        failures => 0, faults => 0, slowest => 0, problems => {}, more => '',
        %opt,
    }, $class;
}


sub start ($self) {
    my $t = $self->{chat};
    my $operator = $self->{operator} = $t->admin;

    for my $n (1 .. $self->{visitors}) {
        my $visitor = $t->visitor;

        push @{ $self->{talks} }, my $talk = {
            agent => $visitor, name => "visitor $n", n => 0, heard => [],
            acked => [], stream => $n % 2,
        };

        # a conversation to begin with, and where everybody begins

        $visitor->say("I am $n");
        $talk->{conversation} = $visitor->conversation;
        $talk->{path} = 'visitor/messages';
    }

    my ($newest) = $t->rows('SELECT max(id) AS id FROM event');

    $self->{from} = $newest->{id};
    $_->{cursor} = $self->{from} for @{ $self->{talks} };

    push @{ $self->{talks} }, {
        agent => $operator, name => 'operator', n => 0, heard => [],
        acked => [], stream => 0, cursor => $self->{from},
    };

    for my $talk (@{ $self->{talks} }) {
        $talk->{agent}->ua->request_timeout(20)->connect_timeout(5);
        $self->_listen($talk);
        $self->_send($talk);
    }

    return $self;
}


sub fault ($self, $n = 1) { $self->{faults} += $n; return $self }
sub acked ($self) { $self->{acked} }
sub acks ($self) { map { @{ $_->{acked} } } $self->talks }
sub failures ($self) { $self->{failures} }
sub problems ($self) { $self->{problems} }
sub talks ($self) { @{ $self->{talks} } }


# Lets it go on until so many more are acknowledged.

sub go_on ($self, $n, $timeout = 20) {
    my $wanted = $self->{acked} + $n;

    return wait_for(sub { $self->{acked} >= $wanted }, $timeout,
                    "$n more messages are acknowledged");
}


sub for_seconds ($self, $seconds) {
    my $until = time + $seconds;

    wait_for(sub { time >= $until }, $seconds + 5);

    return $self;
}


# sending

sub _send ($self, $talk) {
    return if $self->{quiet};

    my $n = ++$talk->{n};

    # the operator answers one after the other

    my $path = $talk->{path} // do {
        my @talks = grep { $_->{conversation} } @{ $self->{talks} };
        my $to = $talks[$n % @talks]{conversation};
        "operator/conversations/$to/messages";
    };

    $talk->{sending} = 1;

    $self->_try($talk, $path, {
        client_id => $talk->{agent}->client_id,
        text      => "$talk->{name}, message $n$self->{more}",
    }, time);
}


sub _try ($self, $talk, $path, $body, $began) {
    $self->{requests}++;

    $talk->{agent}->post_p($path, $body)->then(sub ($res) {
        my $code = $res->code // 0;

        if ($code == 201 || $code == 200) {
            my $took = time - $began;

            $self->{acked}++;
            $self->{slowest} = $took if $took > $self->{slowest};

            push @{ $talk->{acked} }, {
                id => $res->json->{event}{id}, text => $body->{text},
                conversation => $res->json->{conversation}{id},
                $self->{mark} ? (mark => $self->{mark}->()) : (),
            };

            $talk->{sending} = 0;
            Mojo::IOLoop->timer(PAUSE, sub { $self->_send($talk) });
            return;
        }

        $self->{failures}++;
        $self->{problems}{$code}++;

        if ($self->{gone}) {
            $talk->{sending} = 0;
            return;
        }

        Mojo::IOLoop->timer(RETRY, sub {
            $self->_try($talk, $path, $body, $began);
        });
    });
}


# listening

sub _listen ($self, $talk) {
    return if $self->{gone};

    return $talk->{stream} ? $self->_stream($talk) : $self->_poll($talk);
}


sub _poll ($self, $talk) {
    my $agent = $talk->{agent};

    $self->{requests}++;

    $agent->get_p($agent->events_path, unjudged => 1, query => {
        after => $talk->{cursor}, wait => $self->{wait},
    })->then(sub ($res) {
        my $code = $res->code // 0;

        if ($code == 200 && !$res->error) {
            my $page = $res->json;

            $self->_heard($talk, @{ $page->{events} });
            $talk->{cursor} = $page->{cursor};
            $self->_listen($talk);
            return;
        }

        $self->{problems}{"poll $code"}++ if $code;
        Mojo::IOLoop->timer(RETRY, sub { $self->_listen($talk) });
    });
}


sub _stream ($self, $talk) {
    my $agent = $talk->{agent};
    my $bytes = '';

    $self->{requests}++;

    my $tx = $agent->transaction(GET => $agent->events_path,
        query => { after => $self->{from} },
        headers => {
            Accept => 'text/event-stream',
            'Last-Event-ID' => $talk->{cursor},
        },
    );

    $tx->res->content->unsubscribe('read')->on(read => sub ($, $more) {
        return if ($tx->res->code // 0) != 200;

        $bytes .= $more;

        while ($bytes =~ s/\A(.*?)\n\n//s) {
            my $block = $1;
            my ($id) = $block =~ /^id: (\d+)$/m;
            my ($data) = $block =~ /^data: (.*)$/m;

            $self->_heard($talk, decode_json($data)) if defined $data;
            $talk->{cursor} = $id if defined $id;
        }
    });

    my $ua = $talk->{streaming} //= Mojo::UserAgent->new(
        cookie_jar => $agent->ua->cookie_jar, inactivity_timeout => 0,
        request_timeout => 0, max_response_size => 0, insecure => 1,
    );

    $ua->start($tx, sub {
        my $code = $tx->res->code // 0;

        $self->{problems}{"stream $code"}++ if $code && $code != 200;
        Mojo::IOLoop->timer(RETRY, sub { $self->_listen($talk) });
    });
}


sub _heard ($self, $talk, @events) {
    push @{ $talk->{heard} },
        grep { defined $_->{id} && $_->{type} eq 'message' } @events;
}


# The last ones are acknowledged and heard; then what is said is held against
# what is stored and what was heard.

sub finish ($self, $timeout = 25) {
    $self->{quiet} = 1;

    my $over = wait_for(sub { !grep { $_->{sending} } @{ $self->{talks} } },
                        $timeout, 'the last message is acknowledged');

    my %stored = map { $_->{id} => $_ } $self->{chat}->rows(
        'SELECT id, conversation, text FROM event'
        . ' WHERE type = 1 AND id > ? ORDER BY id', $self->{from});

    my %wanted;

    for my $talk (@{ $self->{talks} }) {
        $wanted{ $talk->{name} } = [
            grep { !$talk->{conversation}
                   || $stored{$_}{conversation} == $talk->{conversation} }
            sort { $a <=> $b } keys %stored
        ];
    }

    wait_for(sub {
        !grep { $self->_behind($_, $wanted{ $_->{name} }) }
              @{ $self->{talks} };
    }, $timeout, 'everyone has heard the last message');

    $self->{gone} = 1;

    return $self->_judge($over, \%stored, \%wanted);
}


sub _behind ($self, $talk, $wanted) {
    return @$wanted
           && !grep { $_->{id} >= $wanted->[-1] } @{ $talk->{heard} };
}


sub _judge ($self, $over, $stored, $wanted) {
    my (%text, %sum);

    $text{ $_->{text} }++ for values %$stored;

    for my $talk (@{ $self->{talks} }) {
        my @acked = @{ $talk->{acked} };
        my $last = 0;

        for my $ack (@acked) {
            my $row = $stored->{ $ack->{id} };

            $sum{lost}++ if !$row || $row->{text} ne $ack->{text};
            $sum{disorder}++ if $ack->{id} <= $last;
            $last = $ack->{id};
        }

        my @heard = map { $_->{id} } @{ $talk->{heard} };
        my %heard;
        $heard{$_}++ for @heard;

        my @unheard = grep { !$heard{$_} } @{ $wanted->{ $talk->{name} } };

        $sum{unheard} += @unheard;

        Test::More::diag("$talk->{name} (", $talk->{stream} ? 'stream' : 'poll',
                         ") did not hear @unheard, cursor $talk->{cursor}")
            if @unheard;

        $sum{heard_twice} += grep { $_ > 1 } values %heard;
        $sum{disorder}++ if "@heard" ne join ' ', sort { $a <=> $b } @heard;
        $sum{strange} += grep { !$stored->{$_} } keys %heard;
        $sum{heard} += @heard;
    }

    $sum{doubled} = grep { $_ > 1 } values %text;

    Test::More::ok($over, 'every message was acknowledged in the end');

    Test::More::is($sum{$_->[0]} // 0, 0, $_->[1]) for
        [ lost => 'what was acknowledged is stored' ],
        [ doubled => 'and stored once' ],
        [ unheard => 'everyone heard everything' ],
        [ heard_twice => 'once' ],
        [ disorder => 'and in order' ],
        [ strange => 'and nothing else' ];

    my $problems = join ', ', map { "$_: $self->{problems}{$_}" }
                              sort keys %{ $self->{problems} };

    Test::More::diag(sprintf '%d faults, %d requests (%d failed: %s),'
        . ' %d acknowledged, %d stored, %d heard, %d lost, %d doubled,'
        . ' the slowest took %.2f s', $self->{faults}, $self->{requests},
        $self->{failures}, $problems || 'none', $self->{acked},
        scalar keys %$stored, $sum{heard} // 0,
        ($sum{lost} // 0) + ($sum{unheard} // 0),
        ($sum{doubled} // 0) + ($sum{heard_twice} // 0), $self->{slowest});

    return $self;
}


1;
