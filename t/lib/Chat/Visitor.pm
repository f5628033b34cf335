package Chat::Visitor;

# Copyright (C) ngx_chat_module contributors

use v5.36;

use parent 'Chat::Agent';


sub events_path ($self) { 'visitor/events' }


# Opens the chat, or comes back to it: ->session is the answer.

sub open ($self, %body) {
    my $res = $self->post('visitor/session', \%body);

    if ($res->code == 200) {
        $self->{session} = $res->json;
        $self->cursor($res->json->{cursor});
        $self->{token} = $res->json->{token} if $res->json->{token};
    }

    $self->{opened} = $res;

    return $self;
}


sub opened ($self) { $self->{opened} }
sub session ($self) { $self->{session} }


sub _message ($self, $text, %more) {
    return { client_id => $self->client_id, text => $text, %more };
}


sub say ($self, $text, %more) {
    return $self->_said(
        $self->post('visitor/messages', $self->_message($text, %more)));
}


sub say_p ($self, $text, %more) {
    return $self->post_p('visitor/messages', $self->_message($text, %more))
        ->then(sub ($res) { $self->_said($res) });
}


sub _said ($self, $res) {
    $self->{conversation} = $res->json->{conversation}{id}
        if ($res->code // 0) =~ /^20/;
    return $res;
}


# The number of the conversation that the last message went to.

sub conversation ($self) { $self->{conversation} }

sub typing ($self, $text = undef) {
    return $self->post('visitor/typing', {
        typing => defined $text ? \1 : \0,
        defined $text ? (text => $text) : (),
    });
}

sub read ($self, $up_to) { $self->as_read('visitor/read', $up_to) }
sub close ($self) { $self->post('visitor/close') }

sub history ($self, %query) {
    return $self->get('visitor/history', query => \%query);
}


1;
